using RlhfSharp.Benchmarks.Measuring;
using RlhfSharp.Models;
using RlhfSharp.Models.Generation;
using static TorchSharp.torch;

namespace RlhfSharp.Benchmarks.Workloads;

/// <summary>One sample, against the time in which this machine can read the weights once per token and do nothing else.</summary>
internal sealed class MemoryBoundContest : IContest
{
    private const long Seed = 2;
    private const int PromptLength = 32;

    private readonly ModelShape _shape;
    private readonly LanguageModel _model;
    private readonly List<int[]> _prompts;
    private readonly IReadOnlyList<Tensor> _weights;
    private readonly int _newTokens;

    /// <summary>Draws model and prompt.</summary>
    /// <param name="shape">The model.</param>
    /// <param name="newTokens">How many tokens are generated; the first comes with reading the prompt.</param>
    public MemoryBoundContest(ModelShape shape, int newTokens)
    {
        (_shape, _newTokens) = (shape, newTokens);
        _model = shape.Create(ilql: false);
        _prompts = RandomText.Prompts(1, PromptLength, shape.Vocabulary);
        // A token reads every parameter but the table of positions, of which it reads a row.
        _weights = [.. _model.Parameters.Tensors.Where(parameter => !parameter.Key.EndsWith("wpe.weight", StringComparison.Ordinal)).Select(parameter => parameter.Value)];
    }

    public long Tokens => _newTokens;

    public double UsefulFlops => Workloads.UsefulFlops.Generation(_shape, prompts: 1, PromptLength, rows: 1, _newTokens, ilql: false);

    public void Verify()
    {
        // Nothing to compare: a limit writes no tokens.
    }

    public void RunOurs() => new TextGenerator(_model, endTokens: []).Generate(_prompts, 1, new GenerationOptions { MaxNewTokens = _newTokens }, Seed);

    public void RunPlain()
    {
        using var noGrad = no_grad();
        for (var token = 0; token < _newTokens; token++)
        {
            using var scope = NewDisposeScope();
            foreach (var weight in _weights)
            {
                weight.sum();
            }
        }
    }

    public IReadOnlyList<(string Part, double Seconds)> Profile(StepProfile profile) => [];

    public void Dispose() => _model.Dispose();
}
