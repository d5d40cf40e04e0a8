using RlhfSharp.Models;
using RlhfSharp.Models.Checkpoints;
using RlhfSharp.Training.Data;
using RlhfSharp.Training.Runs;
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
        var rows = batch.Dialogues.SelectMany((dialogue, row) => Enumerable.Repeat((long)row, dialogue.AnswerLength)).ToArray();
        return PerRow(SupervisedFineTuningTask.LogProbs(model, batch), tensor(rows, device: model.Device), batch.Dialogues.Count);
    }

    /// <summary>Sums log-probabilities over both answers of each pair, whose common beginning is computed once.</summary>
    /// <param name="model">The model.</param>
    /// <param name="pairs">The pairs.</param>
    /// <returns><c>[2, pairs]</c>, those of the chosen answers first, in F32; owned as the other sums are.</returns>
    public static Tensor Sums(LanguageModel model, IReadOnlyList<TokenizedPair> pairs)
    {
        var batch = new BranchedBatch(model.Config, [.. pairs.Select(pair => pair.Sides)], model.Device);
        return Sums(model, batch).view(pairs.Count, 2).t();
    }

    /// <summary>Sums log-probabilities over each answer of a batch; otherwise as <see cref="Sums(LanguageModel, IReadOnlyList{TokenizedDialogue})"/>.</summary>
    public static Tensor Sums(LanguageModel model, BranchedBatch batch) => PerRow(batch.LogProbs(model), batch.ActionRows, batch.Count);

    /// <summary>Computes the sums of many dialogues, without gradients.</summary>
    /// <param name="model">The model.</param>
    /// <param name="dialogues">Prompts with answers.</param>
    /// <param name="store">Where they are kept, and taken from if they are there; null for nowhere.</param>
    /// <param name="cancellationToken">Looked at between batches.</param>
    /// <returns>In the order of the dialogues.</returns>
    public static float[] Read(LanguageModel model, IReadOnlyList<TokenizedDialogue> dialogues, ContentStore? store, CancellationToken cancellationToken) =>
        Keep(store, "dialogues", model, dialogues, () => Read(dialogues, dialogue => dialogue.Tokens.Length, part => Sums(model, part).unsqueeze(0), 1, cancellationToken))[0];

    /// <summary>Computes the sums of many pairs, without gradients.</summary>
    /// <param name="model">The model.</param>
    /// <param name="pairs">The pairs.</param>
    /// <param name="store">Where they are kept, and taken from if they are there; null for nowhere.</param>
    /// <param name="cancellationToken">Looked at between batches.</param>
    /// <returns>Those of the chosen answers and those of the rejected ones, in the order of the pairs.</returns>
    public static float[][] Read(LanguageModel model, IReadOnlyList<TokenizedPair> pairs, ContentStore? store, CancellationToken cancellationToken) =>
        Keep(store, "pairs", model, [.. pairs.SelectMany(pair => pair.Sides)], () =>
            Read(pairs, pair => BranchedBatch.Length(model.Config, pair.Sides), part => Sums(model, part), 2, cancellationToken));

    // Under the answers in their order, and under how they are read: the last bits depend on what is read together.
    private static float[][] Keep(ContentStore? store, string read, LanguageModel model, IReadOnlyList<TokenizedDialogue> answers, Func<float[][]> compute)
    {
        if (store is null)
        {
            return compute();
        }
        using var content = new ContentHash().Add(read).Add(model);
        foreach (var answer in answers)
        {
            content.Add(answer.Tokens).Add([.. answer.IsAnswer.Select(isAnswer => isAnswer ? 1 : 0)]);
        }
        return store.GetOrAdd("log-probs", content, compute);
    }

    private static float[][] Read<T>(
        IReadOnlyList<T> items, Func<T, int> length, Func<IReadOnlyList<T>, Tensor> sum, int sides, CancellationToken cancellationToken)
    {
        float[][] sums = [.. Enumerable.Range(0, sides).Select(_ => new float[items.Count])];
        foreach (var rows in TokenBudget.Cut([.. items.Select(length)], TokensPerBatch))
        {
            cancellationToken.ThrowIfCancellationRequested();
            using var scope = NewDisposeScope();
            using var noGrad = no_grad();
            var part = sum([.. rows.Select(row => items[row])]).cpu();   // [sides, rows]
            for (var side = 0; side < sides; side++)
            {
                foreach (var (row, value) in rows.Zip(part[side].data<float>()))
                {
                    sums[side][row] = value;
                }
            }
        }
        return sums;
    }

    private static Tensor PerRow(Tensor logProbs, Tensor rows, int count) =>
        zeros(count, device: logProbs.device).index_add(0, rows, logProbs.to(ScalarType.Float32), alpha: 1);
}
