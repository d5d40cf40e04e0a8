using RlhfSharp.Models.Architectures;
using TorchSharp;
using static TorchSharp.torch;

namespace RlhfSharp.Models.Heads;

/// <summary>The heads of implicit language Q-learning: V, one or two Q, and as many slowly moving targets of Q. Names and shapes are
/// trlX's.</summary>
/// <remarks>Snell et al. 2022, https://arxiv.org/abs/2206.11871, in the form of trlX (trlx/models/modeling_ilql.py).</remarks>
public sealed class IlqlHeads : Head
{
    /// <summary>The file in a checkpoint.</summary>
    public const string HeadsFileName = "ilql_heads.safetensors";

    private const string Prefix = "ilql_heads.";
    private const string TargetPrefix = Prefix + "target_q_heads.";

    // Scores of a language model spread over tens, values over a few; the random part is small beside the identity.
    private const double LanguageModelScale = 0.05;
    private const double LanguageModelRandomness = 0.1;

    private readonly List<(Tensor Online, Tensor Target)> _synchronized;

    /// <summary>Initializes the heads over their parameters.</summary>
    /// <param name="parameters">Those of <see cref="Specs"/>; the heads take ownership.</param>
    public IlqlHeads(ParameterSet parameters)
        : base(parameters)
    {
        Value = new TwoLayerHead(parameters, $"{Prefix}v_head");
        var count = parameters.TryGet($"{Prefix}q_heads.1.0.weight", out _) ? 2 : 1;
        Q = [.. Enumerable.Range(0, count).Select(i => new TwoLayerHead(parameters, $"{Prefix}q_heads.{i}"))];
        TargetQ = [.. Enumerable.Range(0, count).Select(i => new TwoLayerHead(parameters, $"{TargetPrefix}{i}"))];
        foreach (var name in FrozenNames)
        {
            parameters[name].requires_grad_(false);
        }
        _synchronized = [.. FrozenNames.Select(name =>
            (parameters[name.Replace(TargetPrefix, $"{Prefix}q_heads.", StringComparison.Ordinal)], parameters[name]))];
    }

    /// <inheritdoc/>
    public override string FileName => HeadsFileName;

    /// <summary>Gets V: the value of a state.</summary>
    public TwoLayerHead Value { get; }

    /// <summary>Gets the one or two Q heads: the value of each token as next action.</summary>
    public IReadOnlyList<TwoLayerHead> Q { get; }

    /// <summary>Gets the targets of <see cref="Q"/>.</summary>
    public IReadOnlyList<TwoLayerHead> TargetQ { get; }

    /// <inheritdoc/>
    public override IEnumerable<string> FrozenNames => Parameters.Names.Where(name => name.StartsWith(TargetPrefix, StringComparison.Ordinal));

    /// <summary>Lists the parameters.</summary>
    /// <param name="hiddenSize">The width of the backbone's hidden states.</param>
    /// <param name="vocabularySize">The number of actions.</param>
    /// <param name="twoQs">Whether there are two Q heads.</param>
    /// <returns>Specifications, in a fixed order.</returns>
    public static IReadOnlyList<ParameterSpec> Specs(int hiddenSize, int vocabularySize, bool twoQs)
    {
        var names = Enumerable.Range(0, twoQs ? 2 : 1).ToList();
        return
        [
            .. TwoLayerHead.Specs($"{Prefix}v_head", hiddenSize, 1),
            .. names.SelectMany(i => TwoLayerHead.Specs($"{Prefix}q_heads.{i}", hiddenSize, vocabularySize)),
            .. names.SelectMany(i => TwoLayerHead.Specs($"{TargetPrefix}{i}", hiddenSize, vocabularySize)),
        ];
    }

    /// <summary>Draws new heads; the targets start as copies of Q.</summary>
    /// <param name="hiddenSize">The width of the backbone's hidden states.</param>
    /// <param name="vocabularySize">The number of actions.</param>
    /// <param name="twoQs">Whether there are two Q heads.</param>
    /// <param name="seed">The run's seed.</param>
    /// <param name="type">The element type.</param>
    /// <param name="device">Where they live.</param>
    /// <returns>The heads.</returns>
    public static IlqlHeads Create(int hiddenSize, int vocabularySize, bool twoQs, long seed, ScalarType type, Device device)
    {
        var heads = new IlqlHeads(ParameterSet.Create(Specs(hiddenSize, vocabularySize, twoQs), seed, type, device));
        heads.SynchronizeTargets(1);
        return heads;
    }

    /// <summary>Makes Q a small multiple of a language model's own scores; the targets become copies of it.</summary>
    /// <param name="outputWeight">The model's output layer, <c>[vocabulary, hidden]</c>.</param>
    public void StartFrom(Tensor outputWeight)
    {
        foreach (var head in Q)
        {
            head.StartFrom(outputWeight, LanguageModelScale, LanguageModelRandomness);
        }
        SynchronizeTargets(1);
    }

    /// <summary>Moves the targets towards Q: target ← α·Q + (1 − α)·target (Polyak averaging).</summary>
    /// <param name="alpha">From 0 (stay) to 1 (copy).</param>
    public void SynchronizeTargets(double alpha)
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        foreach (var (online, target) in _synchronized)
        {
            target.lerp_(online, alpha);
        }
    }

    /// <summary>Measures how far the targets are from Q: ‖target − Q‖ / ‖Q‖ over all parameters.</summary>
    /// <returns>0 right after a copy; a number that only grows tells of targets that never move.</returns>
    public double TargetDistance()
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        var difference = 0.0;
        var norm = 0.0;
        foreach (var (online, target) in _synchronized)
        {
            difference += (target - online).to(ScalarType.Float32).square().sum().ToDouble();
            norm += online.to(ScalarType.Float32).square().sum().ToDouble();
        }
        return Math.Sqrt(difference / norm);
    }

    /// <summary>Computes the advantage of every token as next action: min over the targets of Q, minus V.</summary>
    /// <param name="hidden"><c>[tokens, hidden]</c>.</param>
    /// <returns><c>[tokens, vocabulary]</c>.</returns>
    public Tensor Advantages(Tensor hidden)
    {
        var quality = TargetQ.Select(head => head.Forward(hidden)).Aggregate(minimum);
        return quality - Value.Forward(hidden);
    }
}
