using RlhfSharp.Benchmarks.Measuring;
using RlhfSharp.Benchmarks.Plain;
using RlhfSharp.Models;
using RlhfSharp.Training.Data;
using RlhfSharp.Training.Loop;
using RlhfSharp.Training.Objectives;
using TorchSharp;
using static TorchSharp.torch;

namespace RlhfSharp.Benchmarks.Workloads;

/// <summary>A pass of DPO over pairs: reference, policy forward and backward, AdamW, in the loop that users run. The reference reads every pair once in both
/// ways; ours before the first step.</summary>
internal sealed class DpoContest : IContest
{
    private const double LossTolerance = 1e-4;   // relative
    private const int FlopsOfReference = 3;      // a training step counts three times a forward pass

    private readonly IReadOnlyList<TokenizedPair> _pairs;
    private readonly int _pairsPerStep;
    private readonly LanguageModel _model;
    private readonly LanguageModel _reference;
    private readonly Lazy<TrainingLoop> _plain;   // each way has moments of its own; a process whose peak is measured makes one of them
    private TrainingLoop? _ours;

    /// <summary>Initializes model, reference and data.</summary>
    /// <param name="shape">The model.</param>
    /// <param name="pairs">The data; a run is one pass over it.</param>
    /// <param name="pairsPerStep">Pairs of an optimiser step.</param>
    public DpoContest(ModelShape shape, IReadOnlyList<TokenizedPair> pairs, int pairsPerStep)
    {
        (_pairs, _pairsPerStep) = (pairs, pairsPerStep);
        _model = shape.Create(ilql: false);
        _reference = _model.Copy();
        _plain = new(() => Loop(new PlainDpoTask(_model, _reference, _pairs, new DpoOptions())));
        Tokens = pairs.Sum(pair => (long)pair.Chosen.Tokens.Length + pair.Rejected.Tokens.Length);
        UsefulFlops = pairs.Sum(pair => Flops(shape, pair)) * (1 + 1.0 / FlopsOfReference);
    }

    public long Tokens { get; }

    public double UsefulFlops { get; }

    public void Verify()
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        int[] rows = [.. Enumerable.Range(0, _pairsPerStep)];
        using var other = _model.Copy();   // or all differences to the reference would be 0, and every loss log 2
        foreach (var (_, parameter) in other.Parameters.Tensors)
        {
            parameter.mul_(1.1);
        }
        var ours = new DpoTask(other, _pairs, PairLogProbs.Read(_reference, _pairs, CancellationToken.None), new DpoOptions()).Forward(rows, CPU).LossSum.ToDouble();
        var plain = new PlainDpoTask(other, _reference, _pairs, new DpoOptions()).Forward(rows, CPU).LossSum.ToDouble();
        if (!(Math.Abs(ours - plain) <= LossTolerance * Math.Abs(plain)))
        {
            throw new InvalidOperationException($"The losses differ: ours is {ours:R}, the plain rendering's {plain:R}.");
        }
    }

    public void RunOurs()
    {
        var before = PairLogProbs.Read(_reference, _pairs, CancellationToken.None);
        _ours ??= Loop(new DpoTask(_model, _pairs, before, new DpoOptions()));
        Pass(_ours);
    }

    public void RunPlain() => Pass(_plain.Value);

    public IReadOnlyList<(string Part, double Seconds)> Profile(StepProfile profile) => [];

    public void Dispose()
    {
        _ours?.Dispose();
        if (_plain.IsValueCreated)
        {
            _plain.Value.Dispose();
        }
        _reference.Dispose();
        _model.Dispose();
    }

    private TrainingLoop Loop(ITrainingTask task) =>
        new(task, new LoopOptions { MaxSteps = int.MaxValue, RowsPerStep = _pairsPerStep }, new OptimizerOptions(), seed: 0);

    private static void Pass(TrainingLoop loop)
    {
        for (var step = 0; step < loop.Plan.StepsPerEpoch; step++)
        {
            loop.TakeStep();
        }
    }

    // The prompt once, both answers behind it.
    private static double Flops(ModelShape shape, TokenizedPair pair)
    {
        var prompt = pair.Chosen.Tokens.Length - pair.Chosen.AnswerLength;
        return Workloads.UsefulFlops.Update(shape, pair.Chosen.Tokens.Length, pair.Chosen.AnswerLength)
            + Workloads.UsefulFlops.Update(shape, pair.Rejected.Tokens.Length, pair.Rejected.AnswerLength)
            - Workloads.UsefulFlops.Update(shape, prompt, actions: 0);
    }
}
