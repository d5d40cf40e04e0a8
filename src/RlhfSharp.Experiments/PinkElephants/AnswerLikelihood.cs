using RlhfSharp.Models;
using RlhfSharp.Training.Data;
using RlhfSharp.Training.Metrics;
using static TorchSharp.torch;

namespace RlhfSharp.Experiments.PinkElephants;

/// <summary>How likely a model finds answers, given their prompts.</summary>
internal static class AnswerLikelihood
{
    /// <summary>Computes the negative log-likelihood per token of each answer, its end included.</summary>
    public static double[] PerToken(LanguageModel model, IReadOnlyList<TokenizedDialogue> dialogues, CancellationToken cancellationToken)
    {
        var losses = new double[dialogues.Count];
        void Read(BranchedBatch batch, IReadOnlyList<(int Dialogue, Range Actions)> places)
        {
            var logProbs = batch.LogProbs(model).to(ScalarType.Float32).cpu().data<float>().ToArray();
            foreach (var (dialogue, actions) in places)
            {
                losses[dialogue] = -logProbs[actions].Average(logProb => (double)logProb);
            }
        }
        PromptSharing.Read(model.Config, model.Device, dialogues, Read, cancellationToken);
        return losses;
    }

    /// <summary>Computes the perplexity of answers relative to that of other answers to the same prompts: the exponential of the mean difference of
    /// their losses.</summary>
    /// <param name="answers">Losses per token, one per dialogue.</param>
    /// <param name="others">Those of the others, in the same order.</param>
    /// <param name="pairs">The pair of things of each dialogue; the interval's bootstrap draws whole pairs.</param>
    public static Estimate Ratio(IReadOnlyList<double> answers, IReadOnlyList<double> others, IReadOnlyList<string> pairs)
    {
        var mean = Mean([.. answers.Zip(others, (one, other) => one - other)], pairs);
        return new Estimate(Math.Exp(mean.Value), mean.Interval is { } interval ? new Interval(Math.Exp(interval.Low), Math.Exp(interval.High)) : null);
    }

    /// <summary>Estimates how far a model has gone from its start, on answers of its own: the mean over answers of log π − log π_start, summed over tokens (k1 of
    /// http://joschu.net/blog/kl-approx.html).</summary>
    /// <param name="own">The model's losses per token, one per dialogue.</param>
    /// <param name="start">Those of the start.</param>
    /// <param name="tokens">The number of tokens of each answer.</param>
    /// <param name="pairs">The pair of things of each dialogue.</param>
    /// <returns>Nats per answer. Answers that were sampled colder than at temperature 1, cut or steered are not quite the model's own.</returns>
    public static Estimate Divergence(IReadOnlyList<double> own, IReadOnlyList<double> start, IReadOnlyList<int> tokens, IReadOnlyList<string> pairs) =>
        Mean([.. own.Select((loss, i) => (start[i] - loss) * tokens[i])], pairs);

    private static Estimate Mean(double[] values, IReadOnlyList<string> pairs)
    {
        var clusters = pairs.Distinct(StringComparer.Ordinal).Index().ToDictionary(pair => pair.Item, pair => pair.Index, StringComparer.Ordinal);
        return new Estimate(
            values.Average(),
            clusters.Count < Statistics.MinimumBootstrapClusters ? null : Statistics.ClusteredMean(values, [.. pairs.Select(pair => clusters[pair])], seed: 0));
    }
}
