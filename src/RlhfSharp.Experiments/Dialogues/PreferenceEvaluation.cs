using RlhfSharp.Models;
using RlhfSharp.Training.Data;
using RlhfSharp.Training.Objectives;
using RlhfSharp.Training.Runs;

namespace RlhfSharp.Experiments.Dialogues;

/// <summary>Asks ILQL's heads which answer of a held-out pair is the better one, beside rules and models that know no dialogue.</summary>
/// <remarks>Q says "chosen" where the mean of the smaller target Q over the answer's tokens is higher, V where its last value is. A tie counts half.</remarks>
internal sealed class PreferenceEvaluation : IEvaluation
{
    private const int TokensPerBatch = 16384;

    private readonly LanguageModel _model;
    private readonly IReadOnlyList<TokenizedPair> _heldOut;
    private readonly PreferenceEvaluationOptions _options;
    private readonly SimpleJudges _judges;

    /// <param name="model">The model in training.</param>
    /// <param name="heldOut">Pairs that training does not see.</param>
    /// <param name="judges">Other judges by name: for each held-out pair 1 where they pick the chosen answer, 0.5 for a tie.</param>
    /// <param name="options">Settings.</param>
    public PreferenceEvaluation(
        LanguageModel model,
        IReadOnlyList<TokenizedPair> heldOut,
        SimpleJudges judges,
        PreferenceEvaluationOptions options) => (_model, _heldOut, _judges, _options) = (model, heldOut, judges, options);

    public EvaluationResult Evaluate(int step, bool isLast, CancellationToken cancellationToken)
    {
        IReadOnlyList<TokenizedPair> pairs = isLast || _options.PairsDuringTraining == 0 ? _heldOut : [.. _heldOut.Take(_options.PairsDuringTraining)];
        var chosen = IlqlProbe.Read(_model, [.. pairs.Select(pair => pair.Chosen)], TokensPerBatch, cancellationToken);
        var rejected = IlqlProbe.Read(_model, [.. pairs.Select(pair => pair.Rejected)], TokensPerBatch, cancellationToken);
        var observations = new OrderedDictionary<string, IReadOnlyList<Observation>>
        {
            ["accuracy/q"] = Compare(pairs, chosen, rejected, values => values.TargetQ.Average()),
            ["accuracy/v"] = Compare(pairs, chosen, rejected, values => values.Values[^1]),
        };
        if (isLast)
        {
            _judges.AddTo(observations, "accuracy/q", "q");
        }
        var metrics = new OrderedDictionary<string, double>(observations.Select(entry => KeyValuePair.Create(entry.Key, entry.Value.Average(one => one.Value))));
        foreach (var (name, value) in IlqlDiagnostics.Measure(chosen, rejected))
        {
            metrics[name] = value;
        }
        return new EvaluationResult(metrics, [], isLast ? observations : new Dictionary<string, IReadOnlyList<Observation>>());
    }

    private static List<Observation> Compare(
        IReadOnlyList<TokenizedPair> pairs, IReadOnlyList<DialogueValues> chosen, IReadOnlyList<DialogueValues> rejected, Func<DialogueValues, double> score) =>
        [.. pairs.Select((pair, i) => new Observation(pair.Chosen.Group, 0.5 + 0.5 * Math.Sign(score(chosen[i]).CompareTo(score(rejected[i])))))];
}
