using System.Text.Json.Nodes;
using RlhfSharp.Models.Runtime;
using RlhfSharp.Training.Objectives;
using RlhfSharp.Training.Rollouts;
using RlhfSharp.Training.Runs;

namespace RlhfSharp.Experiments.IteratedRlhf;

/// <summary>Measures the best of 1, 2, 4, … n answers that were drawn before: the curve of a policy that is not trained but chosen.</summary>
/// <param name="directory">The stage's folder, with 2n answers to each held-out prompt.</param>
/// <param name="samples">n.</param>
/// <param name="promptCount">The number of held-out prompts.</param>
/// <param name="judge">The name of the reward that chooses.</param>
/// <param name="measures">Measures.</param>
/// <param name="observers">Watch.</param>
/// <remarks>What is expected of gold and proxy comes from all 2n answers (<see cref="BestOfN.Expected"/>); what takes single answers, such as their length, from the best of the first
/// and of the second half of them. The distance is <see cref="BestOfN.Divergence"/>, a bound where answers repeat each other; the entropy is not known.</remarks>
internal sealed class BestOfNPhase(
    RunDirectory directory, int samples, int promptCount, string judge, IterationMeasures measures, IReadOnlyList<IRunObserver> observers) : Phase
{
    public override string Name => "measure";

    public override int UnitCount => 1;

    public override void Open(JsonObject? state)
    {
    }

    public override void RunUnit(int unit, CancellationToken cancellationToken)
    {
        var prompts = RolloutLog.Parse(directory.Rollouts.ReadLines()).Chunk(2 * samples).ToList();
        if (prompts.Count != promptCount || prompts[^1].Length != 2 * samples)
        {
            throw new InputException($"'{directory.File("rollouts.jsonl")}' holds other than {2 * samples} answers to each of {promptCount} prompts: it was changed from outside.");
        }
        var result = new EvaluationResult(new Dictionary<string, double>());
        foreach (var n in Sizes())
        {
            cancellationToken.ThrowIfCancellationRequested();
            result = Measure(prompts, n);
            RunResults.Record(directory, n, 0, result, observers);
        }
        RunResults.Write(directory.Path, result, compute: 0);   // what is drawn here is an evaluation
    }

    public override bool CommitsAfter(int unit) => false;

    public override JsonObject Commit(int nextUnit) => [];

    public override void Dispose()
    {
    }

    private IEnumerable<int> Sizes()
    {
        for (var n = 1; n < samples; n *= 2)
        {
            yield return n;
        }
        yield return samples;
    }

    private EvaluationResult Measure(IReadOnlyList<Rollout[]> prompts, int n)
    {
        // Of each half of the answers the first n: the same ones again for a larger n, so that differences are those of n.
        var pairs = prompts.Select(answers => BestAnswers.Choose([.. answers[..n], .. answers[samples..(samples + n)]], n, judge).ToArray()).ToList();
        return measures.Of(n, pairs, [.. prompts.Select(answers => (Expected(answers, n, measures.Gold), Expected(answers, n, answer => answer.Rewards[IterationMeasures.Proxy]), BestOfN.Divergence(n)))], entropy: null);
    }

    private double Expected(Rollout[] answers, int n, Func<Rollout, double> value) =>
        BestOfN.Expected([.. answers.Select(answer => answer.Rewards[judge])], [.. answers.Select(value)], n);
}
