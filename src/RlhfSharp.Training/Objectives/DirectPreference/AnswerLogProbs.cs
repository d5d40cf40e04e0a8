using RlhfSharp.Models;
using RlhfSharp.Training.Data;
using static TorchSharp.torch;

namespace RlhfSharp.Training.Objectives;

/// <summary>How likely a model finds whole answers.</summary>
internal static class AnswerLogProbs
{
    private const int TokensPerBatch = 16384;

    /// <summary>Sums log-probabilities over each answer.</summary>
    /// <param name="model">The model.</param>
    /// <param name="dialogues">Prompts with answers.</param>
    /// <returns><c>[dialogues]</c>, in F32. The caller's dispose scope owns it and all it came from, which a backward pass may want to compute again.</returns>
    public static Tensor Sums(LanguageModel model, IReadOnlyList<TokenizedDialogue> dialogues) => Sums(model, DialogueBatch.Collate(dialogues, model.Device));

    /// <summary>Sums log-probabilities over each answer of a batch; otherwise as <see cref="Sums(LanguageModel, IReadOnlyList{TokenizedDialogue})"/>.</summary>
    public static Tensor Sums(LanguageModel model, DialogueBatch batch)
    {
        var logProbs = SupervisedFineTuningTask.LogProbs(model, batch).to(ScalarType.Float32);
        var rows = batch.Dialogues.SelectMany((dialogue, row) => Enumerable.Repeat((long)row, dialogue.AnswerLength)).ToArray();
        return zeros(batch.Dialogues.Count, device: model.Device).index_add(0, tensor(rows, device: model.Device), logProbs, alpha: 1);
    }

    /// <summary>Computes the sums of many dialogues, without gradients.</summary>
    /// <param name="model">The model.</param>
    /// <param name="dialogues">Prompts with answers.</param>
    /// <param name="cancellationToken">Looked at between batches.</param>
    /// <returns>In the order of the dialogues.</returns>
    public static float[] Read(LanguageModel model, IReadOnlyList<TokenizedDialogue> dialogues, CancellationToken cancellationToken)
    {
        var sums = new float[dialogues.Count];
        foreach (var rows in TokenBudget.Cut([.. dialogues.Select(dialogue => dialogue.Tokens.Length)], TokensPerBatch))
        {
            cancellationToken.ThrowIfCancellationRequested();
            using var scope = NewDisposeScope();
            using var noGrad = no_grad();
            foreach (var (row, sum) in rows.Zip(Sums(model, [.. rows.Select(row => dialogues[row])]).cpu().data<float>()))
            {
                sums[row] = sum;
            }
        }
        return sums;
    }
}
