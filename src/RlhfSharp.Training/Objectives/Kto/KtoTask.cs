using RlhfSharp.Models;
using RlhfSharp.Models.Runtime;
using RlhfSharp.Training.Data;
using RlhfSharp.Training.Loop;
using RlhfSharp.Training.Runs;
using static TorchSharp.torch;

namespace RlhfSharp.Training.Objectives;

/// <summary>Trains a policy on good and bad answers that need not answer the same prompts. A row is an answer.</summary>
/// <remarks>How far the policy has gone from its start is estimated on answers behind prompts they do not belong to: each row's prompt with the answer of the row before. It is computed
/// for the rows of a whole step, so it does not depend on how the step is cut.</remarks>
public sealed class KtoTask : ITrainingTask
{
    private readonly LanguageModel _model;
    private readonly IReadOnlyList<TokenizedDialogue> _answers;
    private readonly IReadOnlyList<TokenizedDialogue> _mismatched;
    private readonly float[] _reference;
    private readonly float[] _mismatchedReference;
    private readonly KtoOptions _options;
    private double _kl;

    /// <summary>Initializes the task. The reference is the model as it is now: what it finds the answers' probabilities to be is computed here, once.</summary>
    /// <param name="model">The policy, as it starts.</param>
    /// <param name="answers">With rewards; those that sum to more than 0 are good.</param>
    /// <param name="options">Settings.</param>
    /// <param name="store">Where the reference's probabilities are kept, and taken from if they are there; by default nowhere. They count as compute all the same.</param>
    /// <param name="cancellationToken">Stops that computation.</param>
    /// <exception cref="InputException">There are fewer than two answers, or one without a reward.</exception>
    public KtoTask(LanguageModel model, IReadOnlyList<TokenizedDialogue> answers, KtoOptions options, ContentStore? store = null, CancellationToken cancellationToken = default)
    {
        (_model, _answers, _options) = (model, answers, options);
        if (answers.FirstOrDefault(answer => answer.Rewards is null) is { } unlabelled)
        {
            throw new InputException($"{unlabelled.Source}: the row says neither that its answer is good nor that it is bad. KTO learns from labelled answers, rewarded ones or preference pairs.");
        }
        if (answers.Count < 2)
        {
            throw new InputException("KTO needs two answers at least: the divergence is measured on answers to other prompts.");
        }
        RowLengths = [.. answers.Select(answer => answer.Tokens.Length)];
        _mismatched = [.. answers.Select((answer, row) => Mismatch(answer, answers[(row + answers.Count - 1) % answers.Count], model.Config.MaxPositions))];
        _reference = AnswerLogProbs.Read(model, answers, store, cancellationToken);
        _mismatchedReference = options.LossType == KtoLoss.Kto ? AnswerLogProbs.Read(model, _mismatched, store, cancellationToken) : [];
        OtherCompute = RowLengths.Sum(length => (long)length) + (options.LossType == KtoLoss.Kto ? _mismatched.Sum(row => (long)row.Tokens.Length) : 0);
    }

    /// <inheritdoc/>
    public TransformerModel Model => _model;

    /// <inheritdoc/>
    public IReadOnlyList<int> RowLengths { get; }

    /// <inheritdoc/>
    /// <remarks>That of the reference, and of the mismatched answers in each step.</remarks>
    public double OtherCompute { get; private set; }

    /// <inheritdoc/>
    public double LossWeight(int row) => 1;

    /// <inheritdoc/>
    public string Describe(int row) => _answers[row].Source.ToString();

    /// <inheritdoc/>
    public void BeginStep(IReadOnlyList<int> rows)
    {
        if (_options.LossType == KtoLoss.Kto)
        {
            var now = AnswerLogProbs.Read(_model, [.. rows.Select(row => _mismatched[row])], store: null, CancellationToken.None);
            OtherCompute += rows.Sum(row => (double)_mismatched[row].Tokens.Length);
            _kl = Math.Max(0, rows.Zip(now, (row, logProb) => (double)logProb - _mismatchedReference[row]).Average());
        }
    }

    /// <inheritdoc/>
    public ObjectiveOutput Forward(IReadOnlyList<int> rows, Device device)
    {
        Tensor Of(Func<int, float> value) => tensor(rows.Select(value).ToArray(), device: device);
        var sums = AnswerLogProbs.Sums(_model, [.. rows.Select(row => _answers[row])]);
        return Kto.Loss(sums, Of(row => _reference[row]), Of(row => _answers[row].Rewards!.Sum() > 0 ? 1 : 0), _kl, _options);
    }

    /// <inheritdoc/>
    public void AddHostMetrics(IDictionary<string, double> metrics)
    {
        ArgumentNullException.ThrowIfNull(metrics);
        metrics["kl"] = _kl;
        if (metrics.TryGetValue("rewards/chosen", out var chosen) && metrics.TryGetValue("rewards/rejected", out var rejected))
        {
            metrics["rewards/margins"] = chosen - rejected;
        }
    }

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, double> SaveCounters() => new Dictionary<string, double> { ["other_compute"] = OtherCompute };

    /// <inheritdoc/>
    public void RestoreCounters(IReadOnlyDictionary<string, double> counters)
    {
        ArgumentNullException.ThrowIfNull(counters);
        OtherCompute = counters.TryGetValue("other_compute", out var known) ? known : OtherCompute;   // runs of an earlier version did not count
    }

    // The prompt up to the first answer token, with another's answer tokens, as far as the model's context holds them.
    private static TokenizedDialogue Mismatch(TokenizedDialogue prompt, TokenizedDialogue answer, int limit)
    {
        var before = prompt.Tokens[..Array.IndexOf(prompt.IsAnswer, true)];
        var behind = answer.Tokens.Where((_, token) => answer.IsAnswer[token]).Take(Math.Max(1, limit - before.Length)).ToArray();
        return prompt with
        {
            Tokens = [.. before, .. behind],
            IsAnswer = [.. before.Select(_ => false), .. behind.Select(_ => true)],
            Rewards = null,
            RewardedTokens = [],
        };
    }
}
