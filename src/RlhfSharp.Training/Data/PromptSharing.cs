using RlhfSharp.Models.Architectures;
using static TorchSharp.torch;

namespace RlhfSharp.Training.Data;

/// <summary>Reads many dialogues without gradients; of those that answer the same prompt some at a time, so that they share it.</summary>
public static class PromptSharing
{
    /// <summary>How many tokens are read at a time.</summary>
    internal const int TokensPerBatch = 16384;

    // Attention compares each of the dialogues that are read together with each, seen or not.
    private const int DialoguesTogether = 8;

    /// <summary>Reads dialogues.</summary>
    /// <param name="config">The configuration of the model that reads them.</param>
    /// <param name="device">Where it lives.</param>
    /// <param name="dialogues">The dialogues; those of one <see cref="TokenizedDialogue.Group"/> answer the same prompt.</param>
    /// <param name="read">Reads a batch, of which it gets the dialogues, by their numbers, and where the actions of each lie. What tensors it makes live until it returns.</param>
    /// <param name="cancellationToken">Looked at between batches.</param>
    public static void Read(
        ModelConfig config, Device device, IReadOnlyList<TokenizedDialogue> dialogues, Action<BranchedBatch, IReadOnlyList<(int Dialogue, Range Actions)>> read, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(read);
        var groups = Groups(dialogues);
        foreach (var part in TokenBudget.Cut([.. groups.Select(group => Length(config, dialogues, group))], TokensPerBatch))
        {
            cancellationToken.ThrowIfCancellationRequested();
            using var scope = NewDisposeScope();
            using var noGrad = no_grad();
            var batch = new BranchedBatch(config, [.. part.Select(group => Of(dialogues, groups[group]))], device);
            var places = new List<(int, Range)>();
            var offset = 0;
            foreach (var index in part.SelectMany(group => groups[group]))
            {
                places.Add((index, offset..(offset += dialogues[index].AnswerLength)));
            }
            read(batch, places);
        }
    }

    /// <summary>Counts the tokens that reading dialogues passes through a model.</summary>
    /// <param name="config">The model's configuration.</param>
    /// <param name="dialogues">The dialogues, as for <see cref="Read"/>.</param>
    public static long Tokens(ModelConfig config, IReadOnlyList<TokenizedDialogue> dialogues) => Groups(dialogues).Sum(group => (long)Length(config, dialogues, group));

    /// <summary>Computes how many tokens each of several answers to a prompt takes to read.</summary>
    /// <param name="config">The configuration of the model that reads them.</param>
    /// <param name="prompt">The number of the prompt's tokens.</param>
    /// <param name="answer">The number of each answer's tokens.</param>
    /// <param name="count">How many answers there are, from 1 up.</param>
    /// <returns>Its own tokens and its share of the prompt's, rounded up.</returns>
    public static int TokensPerAnswer(ModelConfig config, int prompt, int answer, int count)
    {
        ArgumentNullException.ThrowIfNull(config);
        var together = Math.Min(count, DialoguesTogether);
        var isShared = !config.IsLengthAware && BranchedBatch.Pays(prompt, together, together * (prompt + answer));
        return answer + (isShared ? (prompt + together - 1) / together : prompt);
    }

    /// <summary>Puts dialogues together for one forward pass.</summary>
    /// <param name="config">The configuration of the model that reads them.</param>
    /// <param name="device">Where the tensors shall live; they belong to the caller's dispose scope.</param>
    /// <param name="dialogues">The dialogues, as for <see cref="Read"/>.</param>
    /// <returns>The batch, and the number of each of its dialogues.</returns>
    public static (BranchedBatch Batch, IReadOnlyList<int> Order) Collate(ModelConfig config, Device device, IReadOnlyList<TokenizedDialogue> dialogues)
    {
        var groups = Groups(dialogues);
        return (new BranchedBatch(config, [.. groups.Select(group => Of(dialogues, group))], device), [.. groups.SelectMany(group => group)]);
    }

    private static List<int[]> Groups(IReadOnlyList<TokenizedDialogue> dialogues) =>
        [.. dialogues.Index().GroupBy(item => item.Item.Group, item => item.Index).SelectMany(group => group.Chunk(DialoguesTogether))];

    private static int Length(ModelConfig config, IReadOnlyList<TokenizedDialogue> dialogues, int[] group) => BranchedBatch.Length(config, Of(dialogues, group));

    private static TokenizedDialogue[] Of(IReadOnlyList<TokenizedDialogue> dialogues, int[] group) => Array.ConvertAll(group, index => dialogues[index]);
}
