using RlhfSharp.Models.Architectures;
using static TorchSharp.torch;

namespace RlhfSharp.Models;

/// <summary>A backbone with a classifier on top: one score per label and sequence. With one label it is a reward model.</summary>
/// <remarks>Hugging Face's <c>…ForSequenceClassification</c> of every family, and UltraRM's <c>LlamaRewardModel</c>.</remarks>
public sealed class SequenceClassifier : TransformerModel
{
    private readonly ScoreLayer _scoreLayer;
    private Backbone _backbone;

    /// <summary>Initializes a classifier over its parameters.</summary>
    /// <param name="config">The configuration.</param>
    /// <param name="parameters">Those of <see cref="ModelConfig.ClassifierParameters"/>; the classifier takes ownership.</param>
    public SequenceClassifier(ModelConfig config, ParameterSet parameters)
        : base(config, parameters)
    {
        _backbone = config.Build(parameters);
        _scoreLayer = config.ScoreLayer;
    }

    /// <inheritdoc/>
    public override Backbone Backbone => _backbone;

    /// <summary>Gets the number of scores per sequence.</summary>
    public int LabelCount => Config.LabelCount;

    /// <summary>Draws a new classifier.</summary>
    /// <param name="config">The configuration.</param>
    /// <param name="seed">The run's seed.</param>
    /// <param name="type">The element type.</param>
    /// <param name="device">Where the parameters live.</param>
    /// <returns>The classifier.</returns>
    public static SequenceClassifier Create(ModelConfig config, long seed, ScalarType type, Device device) =>
        new(config, ParameterSet.Create(config.ClassifierParameters(), seed, type, device));

    /// <summary>Scores whole sequences.</summary>
    /// <param name="rows">Token ids of each sequence, without padding.</param>
    /// <returns><c>[rows, labels]</c>.</returns>
    public Tensor Scores(IReadOnlyList<IReadOnlyList<int>> rows) => Scores(HiddenStates(rows), [.. rows.Select(row => row.Count)]);

    /// <summary>Scores sequences whose hidden states are known.</summary>
    /// <param name="hidden"><c>[tokens of all sequences, hidden]</c>.</param>
    /// <param name="lengths">The number of tokens of each sequence.</param>
    /// <returns><c>[sequences, labels]</c>.</returns>
    public Tensor Scores(Tensor hidden, IReadOnlyList<int> lengths)
    {
        using var scope = NewDisposeScope();
        var ends = lengths.Select(length => (long)length).ToArray();
        for (var row = 1; row < ends.Length; row++)
        {
            ends[row] += ends[row - 1];
        }
        var places = _scoreLayer.ReadsLastToken ? ends.Select(end => end - 1) : ends.Zip(lengths, (end, length) => end - length);
        return _scoreLayer.Score(Parameters, hidden.index_select(0, tensor(places.ToArray(), device: hidden.device))).MoveToOuterDisposeScope();
    }

    private protected override void Rebuild() => _backbone = Config.Build(Parameters);
}
