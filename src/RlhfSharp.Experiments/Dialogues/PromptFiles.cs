using RlhfSharp.Experiments.PinkElephants;
using RlhfSharp.Models.Runtime;
using RlhfSharp.Models.Tokenization;
using RlhfSharp.Training.Data;
using RlhfSharp.Training.Rollouts;

namespace RlhfSharp.Experiments.Dialogues;

/// <summary>Prompts from files, each once, however many answers it has there. One fold is held out.</summary>
/// <param name="Training">Those to train on that leave room for an answer.</param>
/// <param name="HeldOut">Those held out that do.</param>
/// <param name="Groups">By prompt, its fingerprint: every prompt is a thing of its own.</param>
/// <param name="Format">Writes dialogues out.</param>
internal sealed record PromptFiles(
    IReadOnlyList<RolloutPrompt> Training, IReadOnlyList<RolloutPrompt> HeldOut, IReadOnlyDictionary<string, string> Groups, IChatFormat Format)
{
    /// <summary>Gets the number of different prompts.</summary>
    public required int Count { get; init; }

    /// <summary>Gets the number of rows read.</summary>
    public required int RowCount { get; init; }

    /// <summary>Gets the number of rows that could not be used.</summary>
    public required int RowsLeftOut { get; init; }

    /// <summary>Gets the number of prompts that leave no room for an answer.</summary>
    public required int TooLong { get; init; }

    /// <summary>Gets the largest number of tokens of a prompt.</summary>
    public required int Limit { get; init; }

    /// <summary>Reads them.</summary>
    /// <param name="options">Which files.</param>
    /// <param name="maxNewTokens">How many tokens of an answer there must be room for.</param>
    /// <param name="setting">The name of that setting, for messages.</param>
    /// <param name="tokenizer">The policy's.</param>
    /// <param name="maxPositions">The policy's context.</param>
    /// <param name="fold">Which fold is held out; the folds are those of the data, as for reward models.</param>
    /// <exception cref="InputException">A file cannot be used, or no prompt leaves room.</exception>
    public static PromptFiles Read(DialogueDataOptions options, int maxNewTokens, string setting, Tokenizer tokenizer, int maxPositions, int fold)
    {
        var badRows = new BadRows(options.OnBadRow);
        var rows = options.Files.SelectMany(file => TextRowReader.Read(file, RowSchema.Auto, badRows)).ToList();
        var format = ChatFormats.Get(options.Format);
        var writer = new DialoguePrompts(tokenizer, format);
        var context = options.MaxTokens > 0 ? Math.Min(options.MaxTokens, maxPositions) : maxPositions;
        var limit = context - maxNewTokens;
        var passages = rows.Select(row => (row.Id, row.Source, Passage: PromptOf(row))).DistinctBy(row => row.Passage.Fingerprint).ToList();
        var prompts = passages.ConvertAll(row => new RolloutPrompt(row.Id, row.Passage, writer.Prompt(row.Passage)));
        var isShort = prompts.ConvertAll(prompt => prompt.Tokens.Count <= limit);
        if (options.OnTooLong == OnTooLong.Error && isShort.IndexOf(false) is >= 0 and var tooLong)
        {
            throw new InputException(
                $"{passages[tooLong].Source}: the prompt has {prompts[tooLong].Tokens.Count} tokens, which leaves no room for {maxNewTokens} more (limit {context}). Allowed: data.onTooLong: skip, or a smaller {setting}.");
        }
        var split = DataSplit.OfFold([.. passages.Select(row => row.Passage.Fingerprint)], options.Folds, fold, seed: 0);
        IReadOnlyList<RolloutPrompt> Of(IReadOnlyList<int> indices) => [.. indices.Where(index => isShort[index]).Select(index => prompts[index])];
        var (train, heldOut) = (Of(split.Train), Of(split.HeldOut));
        if (train.Count == 0 || heldOut.Count == 0)
        {
            throw new InputException($"No prompt leaves room for {setting} ({maxNewTokens}) within {context} tokens.");
        }
        return new PromptFiles(train, heldOut, passages.ToDictionary(row => row.Id, row => row.Passage.Fingerprint, StringComparer.Ordinal), format)
        {
            Count = passages.Count,
            RowCount = rows.Count,
            RowsLeftOut = badRows.Skipped.Count,
            TooLong = isShort.Count(fits => !fits),
            Limit = limit,
        };
    }

    private static Passage PromptOf(TextRow row) => row switch
    {
        PromptRow prompt => prompt.Prompt,
        PreferenceRow preference => preference.Prompt,
        PromptCompletionRow completed => completed.Prompt,
        UnpairedPreferenceRow judged => judged.Prompt,
        RewardedRow { Prompt: { } prompt } => prompt,
        _ => throw new InputException($"{row.Source}: the row has no prompt of its own: a policy that answers by itself needs a column 'prompt'."),
    };
}
