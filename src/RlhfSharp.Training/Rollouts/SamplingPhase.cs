using System.Text.Json.Nodes;
using RlhfSharp.Training.Objectives;
using RlhfSharp.Training.Runs;

namespace RlhfSharp.Training.Rollouts;

/// <summary>Samples answers to prompts and scores them, as a phase: a unit is a fixed number of prompts, and each is committed.</summary>
/// <param name="directory">The run's folder; samples go into its <c>rollouts.jsonl</c>.</param>
/// <param name="sampler">Draws and scores; the phase takes ownership.</param>
/// <param name="prompts">The prompts.</param>
/// <param name="samplesPerPrompt">From 1 up.</param>
/// <param name="options">Temperature and length.</param>
/// <param name="observers">Watch.</param>
/// <param name="choose">Of the samples of a unit, by prompt and then by sample, those that are kept; null keeps all.</param>
public sealed class SamplingPhase(
    RunDirectory directory, RolloutSampler sampler, IReadOnlyList<RolloutPrompt> prompts, int samplesPerPrompt, OnPolicyOptions options, IReadOnlyList<IRunObserver> observers,
    Func<IReadOnlyList<Rollout>, IReadOnlyList<Rollout>>? choose = null) : Phase
{
    private const int PromptsPerUnit = 50;

    private readonly RolloutLog _log = new(directory.Rollouts);

    /// <inheritdoc/>
    public override string Name => "sample";

    /// <inheritdoc/>
    public override int UnitCount => (prompts.Count + PromptsPerUnit - 1) / PromptsPerUnit;

    /// <inheritdoc/>
    public override void Open(JsonObject? state)
    {
    }

    /// <inheritdoc/>
    public override void RunUnit(int unit, CancellationToken cancellationToken)
    {
        var drawn = sampler.Draw(unit, [.. prompts.Skip(unit * PromptsPerUnit).Take(PromptsPerUnit)], samplesPerPrompt, options, cancellationToken, unit * PromptsPerUnit);
        _log.Append(choose is null ? drawn : choose(drawn));
        foreach (var observer in observers)
        {
            observer.OnStep(new Loop.StepReport(unit + 1, 0, drawn.Sum(rollout => (long)rollout.Tokens.Length), null), UnitCount);
        }
    }

    /// <inheritdoc/>
    public override bool CommitsAfter(int unit) => true;

    /// <inheritdoc/>
    public override JsonObject Commit(int nextUnit) => [];

    /// <inheritdoc/>
    public override void Dispose() => sampler.Dispose();
}
