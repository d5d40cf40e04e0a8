using RlhfSharp.Benchmarks.Measuring;
using RlhfSharp.Models;
using RlhfSharp.Training.Data;
using RlhfSharp.Training.Loop;
using RlhfSharp.Training.Objectives;
using TorchSharp;
using static TorchSharp.torch;

namespace RlhfSharp.Benchmarks.Workloads;

/// <summary>Steps of supervised fine-tuning that compute their blocks twice, beside steps that keep what the backward pass needs of them.</summary>
internal sealed class CheckpointingContest : IContest
{
    private const double Tolerance = 1e-6;   // of a parameter's gradient, relative to its norm

    private readonly LanguageModel _model;
    private readonly SupervisedFineTuningTask _task;
    private readonly TrainingLoop _loop;

    /// <summary>Initializes model, optimiser and data.</summary>
    /// <param name="shape">The model.</param>
    /// <param name="dialogues">The data; a run is one step over all of it.</param>
    public CheckpointingContest(ModelShape shape, IReadOnlyList<TokenizedDialogue> dialogues)
    {
        _model = shape.Create(ilql: false);
        _task = new SupervisedFineTuningTask(_model, dialogues);
        _loop = new TrainingLoop(_task, new LoopOptions { MaxSteps = int.MaxValue, RowsPerStep = dialogues.Count }, new OptimizerOptions(), seed: 0);
        Tokens = dialogues.Sum(dialogue => (long)dialogue.Tokens.Length);
        UsefulFlops = dialogues.Sum(dialogue => Workloads.UsefulFlops.Update(shape, dialogue.Tokens.Length, dialogue.AnswerLength));
    }

    public long Tokens { get; }

    public double UsefulFlops { get; }

    public void Verify()
    {
        using var scope = NewDisposeScope();
        var (ours, plain) = (Gradients(isCheckpointed: true), Gradients(isCheckpointed: false));
        foreach (var (name, gradient) in plain)
        {
            if (!((ours[name] - gradient).norm().ToDouble() <= Tolerance * gradient.norm().ToDouble()))
            {
                throw new InvalidOperationException($"The gradients of '{name}' differ.");
            }
        }
    }

    public void RunOurs() => Step(isCheckpointed: true);

    public void RunPlain() => Step(isCheckpointed: false);

    public IReadOnlyList<(string Part, double Seconds)> Profile(StepProfile profile) => [];

    public void Dispose()
    {
        _loop.Dispose();
        _model.Dispose();
    }

    private void Step(bool isCheckpointed)
    {
        _model.GradientCheckpointing = isCheckpointed;
        _loop.TakeStep();
    }

    private Dictionary<string, Tensor> Gradients(bool isCheckpointed)
    {
        _model.GradientCheckpointing = isCheckpointed;
        foreach (var rows in _loop.Plan.MicroBatches(1))
        {
            _task.Forward(rows, CPU).LossSum.backward();
        }
        var gradients = _model.AllParameters.ToDictionary(pair => pair.Key, pair => pair.Value.grad!.clone());
        _loop.Optimizer.ZeroGradients();
        return gradients;
    }
}
