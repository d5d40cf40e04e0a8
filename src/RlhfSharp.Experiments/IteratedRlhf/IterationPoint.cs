namespace RlhfSharp.Experiments.IteratedRlhf;

/// <summary>A policy on its way, as it was measured.</summary>
/// <param name="Iteration">From 1.</param>
/// <param name="Step">Updates within the iteration; for the best of n, n.</param>
/// <param name="Labels">Gold labels asked for so far.</param>
/// <param name="Metrics">What was measured over all held-out prompts.</param>
/// <param name="Gold">Gold's score of each held-out prompt, in units of its standard deviation on the start's answers.</param>
/// <param name="Groups">What each of these prompts is about; numbered from 0 in order of appearance.</param>
internal sealed record IterationPoint(
    int Iteration, int Step, int Labels, IReadOnlyDictionary<string, double> Metrics, IReadOnlyList<double> Gold, IReadOnlyList<int> Groups)
{
    /// <summary>Gets the proxy's score of each prompt, in units of its standard deviation on the start's answers.</summary>
    public required IReadOnlyList<double> Proxy { get; init; }

    /// <summary>Gets the distance from the start on each prompt, in nats.</summary>
    public required IReadOnlyList<double> Kl { get; init; }

    /// <summary>Gets of each prompt whether gold prefers the policy's answers to the start's: 1, 0, or a half for a tie.</summary>
    public required IReadOnlyList<double> Wins { get; init; }

    /// <summary>Gets √KL, 0 where the estimate is below 0.</summary>
    public double Distance => Math.Sqrt(Math.Max(0, Metrics["kl"]));
}
