using RlhfSharp.Models;
using RlhfSharp.Training.Data;
using RlhfSharp.Training.Loop;
using static TorchSharp.torch;

namespace RlhfSharp.Training.Objectives;

/// <summary>Trains a model to give the answers of its training rows.</summary>
/// <param name="model">The model.</param>
/// <param name="dialogues">Training rows; rewards, if any, are ignored.</param>
public sealed class SupervisedFineTuningTask(LanguageModel model, IReadOnlyList<TokenizedDialogue> dialogues) : ITrainingTask
{
    /// <inheritdoc/>
    public LanguageModel Model => model;

    TransformerModel ITrainingTask.Model => Model;

    /// <inheritdoc/>
    public IReadOnlyList<int> RowLengths { get; } = [.. dialogues.Select(dialogue => dialogue.Tokens.Length)];

    /// <inheritdoc/>
    public double LossWeight(int row) => dialogues[row].AnswerLength;

    /// <inheritdoc/>
    public string Describe(int row) => dialogues[row].Source.ToString();

    /// <inheritdoc/>
    public ObjectiveOutput Forward(IReadOnlyList<int> rows, Device device)
    {
        var batch = DialogueBatch.Collate([.. rows.Select(row => dialogues[row])], device);
        return NegativeLogLikelihood.Loss(LogProbs(model, batch));
    }

    /// <summary>Computes the log-probability of each answer token.</summary>
    /// <param name="model">The model.</param>
    /// <param name="batch">The batch.</param>
    /// <returns><c>[actions]</c>, owned by the caller's dispose scope.</returns>
    public static Tensor LogProbs(LanguageModel model, DialogueBatch batch)
    {
        var hidden = model.Backbone.Forward(batch.Tokens, batch.Lengths);
        return OutputProjection.Score(model, hidden.index_select(0, batch.ActionPositions), batch.ActionTokens).LogProbs;
    }
}
