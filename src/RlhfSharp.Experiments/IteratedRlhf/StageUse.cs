namespace RlhfSharp.Experiments.IteratedRlhf;

/// <summary>Which stages read which: what one leaves behind is needed until all that read it are done.</summary>
internal static class StageUse
{
    /// <summary>Finds the stages that nothing reads any more.</summary>
    /// <param name="stages">All stages of an experiment.</param>
    /// <param name="isDone">Says whether a stage is done.</param>
    /// <returns>Stages that are done, as is everything that reads them.</returns>
    public static IReadOnlyList<Stage> Finished(IReadOnlyList<Stage> stages, Func<Stage, bool> isDone)
    {
        var needed = stages.Where(stage => !isDone(stage)).SelectMany(Reads).Select(stage => stage.Key).ToHashSet(StringComparer.Ordinal);
        return [.. stages.Where(stage => isDone(stage) && !needed.Contains(stage.Key))];
    }

    /// <summary>Lists what must be done before a stage can be computed.</summary>
    /// <param name="stage">The stage.</param>
    /// <param name="plan">A plan that it is part of.</param>
    /// <returns>What it reads, and the answers of the start on which scores are brought to one scale.</returns>
    public static IEnumerable<Stage> Needs(Stage stage, IterationPlan plan) => stage.Key == plan.HeldOut.Key ? [] : Reads(stage).Prepend(plan.HeldOut);

    // The best of n answers is chosen anew wherever such a policy is asked: what reads the policy reads its proxies too.
    private static IEnumerable<Stage> Reads(Stage stage) => stage switch
    {
        LabelStage { Policy: { } policy } => policy.BestOf is null ? [policy] : [policy, .. policy.Proxies.SelectMany(members => members)],
        ProxyStage proxy => [.. proxy.Labels.SelectMany(batches => batches), .. proxy.From is { } from ? new[] { from } : []],
        PolicyStage policy => [.. policy.Proxies.SelectMany(members => members), .. policy.Previous is { } previous ? new[] { previous } : []],
        _ => [],
    };
}
