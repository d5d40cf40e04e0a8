using RlhfSharp.Models;
using RlhfSharp.Models.Heads;
using RlhfSharp.Training.Data;
using static TorchSharp.torch;

namespace RlhfSharp.Training.Objectives;

/// <summary>Reads Q and V along dialogues, for scoring and for diagnostics.</summary>
public static class IlqlProbe
{
    /// <summary>Computes Q and V along each dialogue.</summary>
    /// <param name="model">A model with ILQL heads.</param>
    /// <param name="dialogues">Each with at least one answer token.</param>
    /// <param name="tokensPerBatch">The largest number of tokens of a forward pass.</param>
    /// <param name="cancellationToken">Asked before each forward pass.</param>
    /// <returns>One result per dialogue, in their order.</returns>
    public static IReadOnlyList<DialogueValues> Read(
        LanguageModel model, IReadOnlyList<TokenizedDialogue> dialogues, int tokensPerBatch, CancellationToken cancellationToken = default)
    {
        var heads = model.Head<IlqlHeads>() ?? throw new ArgumentException("The model has no ILQL heads.", nameof(model));
        var results = new DialogueValues[dialogues.Count];
        foreach (var indices in TokenBudget.Cut([.. dialogues.Select(dialogue => dialogue.Tokens.Length)], tokensPerBatch))
        {
            cancellationToken.ThrowIfCancellationRequested();
            using var scope = NewDisposeScope();
            using var noGrad = no_grad();
            var batch = DialogueBatch.Collate([.. indices.Select(index => dialogues[index])], model.Device);
            var hidden = model.Backbone.Forward(batch.Tokens, batch.Lengths);
            var q = IlqlTask.TargetQ(heads, hidden.index_select(0, batch.ActionPositions), batch.ActionTokens).cpu().data<float>().ToArray();
            var v = heads.Value.Forward(hidden.index_select(0, batch.StatePositions)).squeeze(1).to(ScalarType.Float32).cpu().data<float>().ToArray();
            var (firstAction, firstState) = (0, 0);
            foreach (var index in indices)
            {
                var actions = dialogues[index].AnswerLength;
                results[index] = new DialogueValues(
                    [.. q.AsSpan(firstAction, actions).ToArray().Select(value => (double)value)],
                    [.. v.AsSpan(firstState, actions + 1).ToArray().Select(value => (double)value)]);
                firstAction += actions;
                firstState += actions + 1;
            }
        }
        return results;
    }
}
