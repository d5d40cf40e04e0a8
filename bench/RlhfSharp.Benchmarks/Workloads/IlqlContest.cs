using RlhfSharp.Benchmarks.Measuring;
using RlhfSharp.Benchmarks.Plain;
using RlhfSharp.Models;
using RlhfSharp.Training.Data;
using RlhfSharp.Training.Loop;
using RlhfSharp.Training.Objectives;
using TorchSharp;
using static TorchSharp.torch;

namespace RlhfSharp.Benchmarks.Workloads;

/// <summary>Optimiser steps of ILQL: forward, loss, backward, AdamW and the targets' synchronisation, in the loop that users run.</summary>
internal sealed class IlqlContest : IContest
{
    private const double LossTolerance = 1e-4;   // relative

    private readonly IReadOnlyList<TokenizedDialogue> _dialogues;
    private readonly LanguageModel _model;
    private readonly IlqlTask _ours;
    private readonly PlainIlqlTask _plain;
    private readonly SwitchedTask _task;
    private readonly TrainingLoop _loop;

    /// <summary>Initializes model, optimiser and data.</summary>
    /// <param name="shape">The model.</param>
    /// <param name="dialogues">The data; a run is one pass over it.</param>
    /// <param name="rowsPerStep">Rows of an optimiser step.</param>
    public IlqlContest(ModelShape shape, IReadOnlyList<TokenizedDialogue> dialogues, int rowsPerStep)
    {
        var options = new IlqlOptions { Tau = 0.7, Gamma = 0.99, CqlScale = 0.1, AwacScale = 1, Alpha = 0.001, Beta = 0, StepsForTargetQSync = 5 };
        _dialogues = dialogues;
        _model = shape.Create(ilql: true);
        _ours = new IlqlTask(_model, dialogues, options);
        _plain = new PlainIlqlTask(_ours, dialogues, options);
        _task = new SwitchedTask(_ours, _plain);
        _loop = new TrainingLoop(_task, new LoopOptions { MaxSteps = int.MaxValue, RowsPerStep = rowsPerStep }, new OptimizerOptions(), seed: 0);
        Tokens = dialogues.Sum(dialogue => (long)dialogue.Tokens.Length);
        UsefulFlops = dialogues.Sum(dialogue => Workloads.UsefulFlops.IlqlUpdate(shape, dialogue.Tokens.Length, dialogue.AnswerLength));
    }

    public long Tokens { get; }

    public double UsefulFlops { get; }

    public void Verify()
    {
        foreach (var rows in _loop.Plan.MicroBatches(1))
        {
            var (ours, plain) = (Loss(_ours, rows), Loss(_plain, rows));
            if (!(Math.Abs(ours - plain) <= LossTolerance * Math.Abs(plain)))
            {
                throw new InvalidOperationException($"The losses differ: ours is {ours:R}, the plain rendering's {plain:R}.");
            }
        }
    }

    public void RunOurs() => Run(isPlain: false);

    public void RunPlain() => Run(isPlain: true);

    public IReadOnlyList<(string Part, double Seconds)> Profile(StepProfile profile) =>
        profile.Run(_ours, [.. _loop.Plan.MicroBatches(1)[0].Select(row => _dialogues[row])], _loop.Optimizer);

    public void Dispose()
    {
        _loop.Dispose();
        _model.Dispose();
    }

    private void Run(bool isPlain)
    {
        _task.IsPlain = isPlain;
        for (var step = 0; step < _loop.Plan.StepsPerEpoch; step++)
        {
            _loop.TakeStep();
        }
    }

    private static double Loss(ITrainingTask task, IReadOnlyList<int> rows)
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        return task.Forward(rows, CPU).LossSum.ToDouble();
    }
}
