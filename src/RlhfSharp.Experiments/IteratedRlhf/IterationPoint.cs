namespace RlhfSharp.Experiments.IteratedRlhf;

/// <summary>A policy on its way, as it was measured.</summary>
/// <param name="Iteration">From 1.</param>
/// <param name="Step">Updates within the iteration.</param>
/// <param name="Labels">Gold labels asked for so far.</param>
/// <param name="Metrics">What was measured over all held-out prompts.</param>
/// <param name="Gold">Gold's score of each held-out prompt, in units of its standard deviation on the start's answers.</param>
/// <param name="Groups">What each of these prompts is about; numbered from 0 in order of appearance.</param>
internal sealed record IterationPoint(
    int Iteration, int Step, int Labels, IReadOnlyDictionary<string, double> Metrics, IReadOnlyList<double> Gold, IReadOnlyList<int> Groups);
