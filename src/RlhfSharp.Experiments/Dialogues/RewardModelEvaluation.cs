using RlhfSharp.Models;
using RlhfSharp.Training.Data;
using RlhfSharp.Training.Objectives;
using RlhfSharp.Training.Runs;
using static TorchSharp.torch;

namespace RlhfSharp.Experiments.Dialogues;

/// <summary>How often a reward model agrees with held-out preferences, by how much it leads, and whether its certainty can be believed; beside two simple
/// judges.</summary>
internal sealed class RewardModelEvaluation(
    SequenceClassifier model, IReadOnlyList<RewardPair> heldOut, SimpleJudges judges, PreferenceEvaluationOptions options) : IEvaluation
{
    private const int TokensPerBatch = 16384;
    private const int CalibrationBins = 10;

    public EvaluationResult Evaluate(int step, bool isLast, CancellationToken cancellationToken)
    {
        IReadOnlyList<RewardPair> pairs = isLast || options.PairsDuringTraining == 0 ? heldOut : [.. heldOut.Take(options.PairsDuringTraining)];
        var leads = Leads(pairs, cancellationToken);
        List<Observation> Of(Func<double, double> value) => [.. pairs.Zip(leads, (pair, lead) => new Observation(pair.Group, value(lead)))];
        var observations = new OrderedDictionary<string, IReadOnlyList<Observation>>
        {
            ["eval_accuracy"] = Of(lead => 0.5 + 0.5 * Math.Sign(lead)),
            ["eval_margin"] = Of(lead => lead),
            ["eval_loss"] = Of(lead => Math.Max(-lead, 0) + Math.Log(1 + Math.Exp(-Math.Abs(lead)))),
        };
        if (isLast)
        {
            judges.AddTo(observations, "eval_accuracy", "reward");
        }
        var metrics = new OrderedDictionary<string, double>(observations.Select(entry => KeyValuePair.Create(entry.Key, entry.Value.Average(one => one.Value))))
        {
            ["calibration_error"] = CalibrationError(leads),
        };
        return new EvaluationResult(metrics, [], isLast ? observations : new Dictionary<string, IReadOnlyList<Observation>>());
    }

    /// <summary>Measures how far certainty is from being right: the pairs are put into bins by the probability of the model's own choice, σ(|lead|), and in each
    /// the mean probability is compared with the share of choices that people made too (expected calibration error, Guo et al. 2017).</summary>
    internal static double CalibrationError(IReadOnlyList<double> leads)
    {
        var bins = leads.Select(lead => (Certainty: 1 / (1 + Math.Exp(-Math.Abs(lead))), IsRight: lead > 0 ? 1.0 : lead < 0 ? 0.0 : 0.5))
            .GroupBy(pair => Math.Min(CalibrationBins - 1, (int)((pair.Certainty - 0.5) * 2 * CalibrationBins)));
        return bins.Sum(bin => (double)bin.Count() / leads.Count * Math.Abs(bin.Average(pair => pair.Certainty) - bin.Average(pair => pair.IsRight)));
    }

    private double[] Leads(IReadOnlyList<RewardPair> pairs, CancellationToken cancellationToken)
    {
        var leads = new double[pairs.Count];
        foreach (var rows in TokenBudget.Cut([.. pairs.Select(pair => pair.Chosen.Count + pair.Rejected.Count)], TokensPerBatch))
        {
            cancellationToken.ThrowIfCancellationRequested();
            using var scope = NewDisposeScope();
            using var noGrad = no_grad();
            var (chosen, rejected) = RewardModelTask.Scores(model, [.. rows.Select(row => pairs[row])]);
            foreach (var (row, lead) in rows.Zip((chosen - rejected).cpu().data<float>()))
            {
                leads[row] = lead;
            }
        }
        return leads;
    }
}
