using RlhfSharp.Models;
using RlhfSharp.Training.Data;
using RlhfSharp.Training.Objectives;
using RlhfSharp.Training.Runs;

namespace RlhfSharp.Experiments.Dialogues;

/// <summary>What a policy trained by DPO or KTO thinks of held-out pairs: its implicit reward β·(log π − log π_ref) of both answers, beside two simple judges.</summary>
internal sealed class ImplicitRewardEvaluation : IEvaluation
{
    private readonly LanguageModel _model;
    private readonly IReadOnlyList<TokenizedPair> _heldOut;
    private readonly PairLogProbs _reference;
    private readonly SimpleJudges _judges;
    private readonly string _name;
    private readonly double _beta;
    private readonly PreferenceEvaluationOptions _options;

    /// <summary>Initializes the evaluation; the model as it is now is the reference.</summary>
    public ImplicitRewardEvaluation(
        LanguageModel model,
        IReadOnlyList<TokenizedPair> heldOut,
        SimpleJudges judges,
        string name,
        double beta,
        PreferenceEvaluationOptions options)
    {
        (_model, _heldOut, _judges, _name, _beta, _options) = (model, heldOut, judges, name, beta, options);
        _reference = PairLogProbs.Read(model, heldOut, CancellationToken.None);
    }

    public EvaluationResult Evaluate(int step, bool isLast, CancellationToken cancellationToken)
    {
        IReadOnlyList<TokenizedPair> pairs = isLast || _options.PairsDuringTraining == 0 ? _heldOut : [.. _heldOut.Take(_options.PairsDuringTraining)];
        var now = PairLogProbs.Read(_model, pairs, cancellationToken);
        List<Observation> Of(Func<int, double> value) => [.. pairs.Select((pair, i) => new Observation(pair.Chosen.Group, value(i)))];
        double Chosen(int i) => _beta * (now.Chosen[i] - _reference.Chosen[i]);
        double Rejected(int i) => _beta * (now.Rejected[i] - _reference.Rejected[i]);
        var observations = new OrderedDictionary<string, IReadOnlyList<Observation>>
        {
            ["eval_rewards/accuracies"] = Of(i => 0.5 + 0.5 * Math.Sign(Chosen(i) - Rejected(i))),
            ["eval_rewards/margins"] = Of(i => Chosen(i) - Rejected(i)),
            ["eval_rewards/chosen"] = Of(Chosen),
            ["eval_rewards/rejected"] = Of(Rejected),
            ["eval_logps/chosen"] = Of(i => now.Chosen[i]),
            ["eval_logps/rejected"] = Of(i => now.Rejected[i]),
        };
        if (isLast)
        {
            _judges.AddTo(observations, "eval_rewards/accuracies", _name);
        }
        var metrics = new OrderedDictionary<string, double>(observations.Select(entry => KeyValuePair.Create(entry.Key, entry.Value.Average(one => one.Value))));
        return new EvaluationResult(metrics, [], isLast ? observations : new Dictionary<string, IReadOnlyList<Observation>>());
    }
}
