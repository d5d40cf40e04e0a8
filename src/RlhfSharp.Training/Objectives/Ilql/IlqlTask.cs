using RlhfSharp.Models;
using RlhfSharp.Models.Heads;
using RlhfSharp.Models.Runtime;
using RlhfSharp.Training.Data;
using RlhfSharp.Training.Loop;
using static TorchSharp.torch;

namespace RlhfSharp.Training.Objectives;

/// <summary>Trains a model and its ILQL heads on rewarded dialogues.</summary>
public sealed class IlqlTask : ITrainingTask
{
    private readonly IReadOnlyList<TokenizedDialogue> _dialogues;
    private readonly IlqlOptions _options;
    private readonly IlqlHeads _heads;
    private int _syncs;

    /// <summary>Initializes the wiring.</summary>
    /// <param name="model">A model with ILQL heads.</param>
    /// <param name="dialogues">Training rows with rewards, standardised already if they shall be.</param>
    /// <param name="options">Settings, already validated.</param>
    /// <exception cref="InputException">The model has no ILQL heads, or a number of them that the options do not ask for; or rows have no
    /// rewards.</exception>
    public IlqlTask(LanguageModel model, IReadOnlyList<TokenizedDialogue> dialogues, IlqlOptions options)
    {
        Model = model;
        _heads = model.Head<IlqlHeads>() ?? throw new InputException("ILQL needs a model with ILQL heads.");
        if (_heads.Q.Count != (options.TwoQs ? 2 : 1))
        {
            throw new InputException($"The checkpoint has {_heads.Q.Count} Q heads; objective.twoQs is {(options.TwoQs ? "true" : "false")}.");
        }
        if (dialogues.FirstOrDefault(dialogue => dialogue.Rewards is null) is { } unrewarded)
        {
            throw new InputException($"{unrewarded.Source}: the row has no reward. ILQL learns from rewarded rows or from preference pairs.");
        }
        (_dialogues, _options) = (dialogues, options);
        RowLengths = [.. dialogues.Select(dialogue => dialogue.Tokens.Length)];
    }

    /// <inheritdoc/>
    public LanguageModel Model { get; }

    TransformerModel ITrainingTask.Model => Model;

    /// <inheritdoc/>
    public IReadOnlyList<int> RowLengths { get; }

    /// <inheritdoc/>
    /// <remarks>What it cost to judge the rows, where a reward model did.</remarks>
    public double OtherCompute { get; init; }

    /// <summary>What to tell people when <see cref="TargetIsDead"/>.</summary>
    public const string DeadTargetWarning =
        "The target of Q never moved: the generation is steered by a random network. "
        + "Losses look fine all the same. Set objective.targetSync: per-step and alpha above 0.01.";

    /// <summary>Gets whether the targets have had every chance to move and never did.</summary>
    public bool TargetIsDead => _syncs == 0 || _options.Alpha == 0;

    /// <inheritdoc/>
    public double LossWeight(int row) => _dialogues[row].AnswerLength;

    /// <inheritdoc/>
    public string Describe(int row) => _dialogues[row].Source.ToString();

    /// <inheritdoc/>
    public ObjectiveOutput Forward(IReadOnlyList<int> rows, Device device)
    {
        var batch = DialogueBatch.Collate([.. rows.Select(row => _dialogues[row])], device);
        return Ilql.Loss(Inputs(Model, _heads, batch), batch.Actions, _options);
    }

    /// <summary>Computes what <see cref="Ilql"/> needs from a model, for a batch.</summary>
    /// <param name="model">The model.</param>
    /// <param name="heads">Its heads.</param>
    /// <param name="batch">The batch.</param>
    /// <returns>The inputs; the caller's dispose scope owns every tensor.</returns>
    public static IlqlInputs Inputs(LanguageModel model, IlqlHeads heads, DialogueBatch batch)
    {
        var hidden = model.Backbone.Forward(batch.Tokens, batch.Lengths);   // [tokens, hidden]
        var atActions = hidden.index_select(0, batch.ActionPositions);                                         // [actions, hidden]
        var logProbs = OutputProjection.Score(model, atActions, batch.ActionTokens).LogProbs;
        var q = heads.Q.Select(head => OutputProjection.Score(head.Features(atActions), head.OutputWeight, head.OutputBias, batch.ActionTokens))
            .ToList();
        var values = heads.Value.Forward(hidden.index_select(0, batch.StatePositions)).squeeze(1);             // [states]
        return new IlqlInputs(logProbs, q, TargetQ(heads, atActions.detach(), batch.ActionTokens), values.to(ScalarType.Float32));
    }

    /// <inheritdoc/>
    public void AfterUpdate(int step, bool endsPass)
    {
        var isAsked = _options.TargetSync == TargetSync.PerStep || (_options.TargetSync == TargetSync.PerPass && endsPass);
        if (isAsked && step % _options.StepsForTargetQSync == 0)
        {
            _heads.SynchronizeTargets(_options.Alpha);
            _syncs++;
        }
    }

    /// <inheritdoc/>
    public void AddHostMetrics(IDictionary<string, double> metrics)
    {
        metrics["target/syncs"] = _syncs;
        metrics["target/distance"] = _heads.TargetDistance();
    }

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, double> SaveCounters() => new Dictionary<string, double> { ["syncs"] = _syncs };

    /// <inheritdoc/>
    public void RestoreCounters(IReadOnlyDictionary<string, double> counters) => _syncs = (int)counters["syncs"];

    // The targets are asked for the taken tokens alone, so their vocabulary-wide layer costs next to nothing.
    internal static Tensor TargetQ(IlqlHeads heads, Tensor hidden, Tensor taken)
    {
        using var noGrad = no_grad();
        return heads.TargetQ.Select(head => OutputProjection.TakenOnly(head.Features(hidden), head.OutputWeight, head.OutputBias, taken))
            .Aggregate(minimum);
    }
}
