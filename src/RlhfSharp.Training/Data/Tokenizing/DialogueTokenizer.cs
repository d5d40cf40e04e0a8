using RlhfSharp.Models.Runtime;
using RlhfSharp.Models.Tokenization;

namespace RlhfSharp.Training.Data;

/// <summary>Turns rows into tokens: which of them are answers, which carry rewards, and which are left out.</summary>
/// <remarks>
/// The rules are trlX's (<c>offline_pipeline.py</c>): segments are tokenised one by one, an end-of-sequence token closes the last answer unless it is
/// there already, and token 0 is never an answer token: where an answer would come first, the beginning-of-sequence token, or failing that
/// the end-of-sequence token, is put in front. Of plain text to imitate the first token is no answer instead.
/// <para>Truncation takes tokens from the left and leaves the last answer whole. If the last user turn fits in before it, whole exchanges go, as few
/// as possible; if not, the cut lies inside that turn. A beginning-of-sequence token stays in front. The longer side of a pair decides for
/// both, so that both keep the same prompt. An answer that alone does not fit makes a bad row. Plain text simply loses its beginning.</para>
/// </remarks>
public sealed class DialogueTokenizer
{
    private readonly Tokenizer _tokenizer;
    private readonly DialogueEncoder _encoder;
    private readonly DialogueTokenizerOptions _options;
    private readonly BadRows _badRows;

    /// <summary>Initializes the tokenizer of a data set.</summary>
    /// <param name="tokenizer">The model's tokenizer.</param>
    /// <param name="chatFormat">Writes dialogues out; null when all rows are of the standard form.</param>
    /// <param name="options">Length, and what happens beyond it.</param>
    /// <param name="badRows">What happens to rows that have no answer, or one that does not fit.</param>
    /// <exception cref="InputException">The limit is below 2, or a beginning-of-sequence token is asked for and the tokenizer has none.</exception>
    public DialogueTokenizer(Tokenizer tokenizer, IChatFormat? chatFormat, DialogueTokenizerOptions options, BadRows badRows)
    {
        ArgumentNullException.ThrowIfNull(tokenizer);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(badRows);
        if (options.MaxTokens < 2)
        {
            throw new InputException($"maxTokens is {options.MaxTokens}, expected at least 2: one token to start from and one to learn.");
        }
        if (options.AddBos && tokenizer.BosId is null)
        {
            throw new InputException("A beginning-of-sequence token is asked for, but the tokenizer names none.");
        }
        (_tokenizer, _options, _badRows) = (tokenizer, options, badRows);
        _encoder = new DialogueEncoder(tokenizer, chatFormat, options.AddBos);
    }

    /// <summary>Tokenises preference rows.</summary>
    /// <param name="rows">Rows, all of them <see cref="PreferenceRow"/>.</param>
    /// <returns>The pairs in the order of the rows; at least one. Both sides carry no rewards and the same group, the hash of their prompt.</returns>
    /// <exception cref="InputException">A row is of another kind, is too long or bad and that is an error, or no row is left.</exception>
    public IReadOnlyList<TokenizedPair> TokenizePairs(IEnumerable<TextRow> rows) => TokenizeAll(
        rows,
        row => row is PreferenceRow preference ? Pair(preference)
            : throw new InputException($"{row.Source}: the row is no pair. Preference data needs the columns chosen and rejected."));

    /// <summary>Tokenises rows of every kind that holds answers.</summary>
    /// <param name="rows">The rows. Rewarded rows keep their rewards; a pair becomes two dialogues, rewarded as
    /// <see cref="TokenizedPair.ToRewarded"/> says; an unpaired preference earns +1 if it is desirable, else −1; the others have no rewards.</param>
    /// <returns>The dialogues in the order of the rows; at least one. The group is the hash of the prompt, or of what comes before the first answer
    /// where no prompt is named, or of a plain text.</returns>
    /// <exception cref="InputException">A row holds no answer (prompts only), is too long or bad and that is an error, or no row is left.</exception>
    public IReadOnlyList<TokenizedDialogue> TokenizeDialogues(IEnumerable<TextRow> rows) =>
        [.. TokenizeAll(rows, Sides).SelectMany(sides => sides)];

    private List<T> TokenizeAll<T>(IEnumerable<TextRow> rows, Func<TextRow, T?> tokenize)
        where T : class
    {
        var results = new List<T>();
        var file = "the data set";
        foreach (var row in rows)
        {
            file = row.Source.File;
            try
            {
                if (tokenize(row) is { } result)
                {
                    results.Add(result);
                }
            }
            catch (BadRowException exception)
            {
                _badRows.Add(row.Source, exception.Message);
            }
        }
        return results.Count > 0 ? results : throw _badRows.NothingLeft(file);
    }

    private IReadOnlyList<TokenizedDialogue>? Sides(TextRow row) =>
        row is PreferenceRow preference ? Pair(preference)?.ToRewarded() : Single(row) is { } dialogue ? [dialogue] : null;

    private TokenizedPair? Pair(PreferenceRow row)
    {
        var chosen = _encoder.Completion(row.Prompt, row.Chosen);
        var rejected = _encoder.Completion(row.Prompt, row.Rejected);
        if (!chosen.Tokens.AsSpan(0, chosen.MustKeepFrom).SequenceEqual(rejected.Tokens.AsSpan(0, rejected.MustKeepFrom)))
        {
            throw new BadRowException("has a prompt that the chat format writes in two ways, depending on what follows");
        }
        if (Cut(row, chosen, rejected) is not { } cut)
        {
            return null;
        }
        var group = GroupHash.Of(row.Prompt);
        return new TokenizedPair(Assemble(row, "/chosen", group, chosen, cut), Assemble(row, "/rejected", group, rejected, cut));
    }

    private TokenizedDialogue? Single(TextRow row)
    {
        var (encoded, group) = row switch
        {
            LanguageModelingRow { Content.IsConversational: false } text => (_encoder.Text(text.Content.Text), text.Content),
            LanguageModelingRow dialogue => (_encoder.Dialogue(dialogue.Content.Messages), Opening(dialogue.Content)),
            PromptCompletionRow completed => (_encoder.Completion(completed.Prompt, completed.Completion), completed.Prompt),
            UnpairedPreferenceRow judged => (_encoder.Completion(judged.Prompt, judged.Completion), judged.Prompt),
            RewardedRow { Prompt: { } prompt } rewarded => (_encoder.Completion(prompt, rewarded.Completion), prompt),
            RewardedRow { Completion.IsConversational: true } whole => (_encoder.Dialogue(whole.Completion.Messages), Opening(whole.Completion)),
            RewardedRow text => (_encoder.Completion(null, text.Completion), text.Completion),
            _ => throw new InputException($"{row.Source}: the row holds no answer to learn from: it is a prompt only."),
        };
        if (Cut(row, encoded) is not { } cut)
        {
            return null;
        }
        var result = Assemble(row, string.Empty, GroupHash.Of(group), encoded, cut);
        return row switch
        {
            RewardedRow rewarded => Reward(rewarded, encoded, result),
            UnpairedPreferenceRow judged => RewardPlacement.AtEnd(result, judged.IsDesirable ? 1 : -1),
            _ => result,
        };
    }

    private TokenizedDialogue Reward(RewardedRow row, EncodedDialogue encoded, TokenizedDialogue result)
    {
        // What was cut off and what was put in front moves every token by the same distance.
        var shift = result.Tokens.Length - encoded.Tokens.Length;
        var first = Array.IndexOf(result.IsAnswer, true);
        var placed = RewardPlacement.Find(row, encoded, _tokenizer)
            .Select(pair => (Token: pair.Token + shift, pair.Reward))
            .Where(pair => pair.Token >= first)
            .ToList();
        return placed.Count > 0 ? RewardPlacement.At(result, placed) : throw new BadRowException("loses all its rewards to truncation");
    }

    /// <summary>Decides how many tokens the sides of a row lose; null when the row is left out.</summary>
    private int? Cut(TextRow row, params ReadOnlySpan<EncodedDialogue> sides)
    {
        var first = sides[0];
        var longest = 0;
        foreach (var side in sides)
        {
            longest = Math.Max(longest, side.Tokens.Length);
        }
        var length = longest + (Front(first, cut: 0) is null ? 0 : 1);
        if (length <= _options.MaxTokens)
        {
            return 0;
        }
        switch (_options.OnTooLong)
        {
            case OnTooLong.Error:
                throw new InputException($"{row.Source}: the row has {length} tokens, more than maxTokens ({_options.MaxTokens}). "
                    + "Raise the limit, or set onTooLong: truncate-left or skip.");
            case OnTooLong.Skip:
                _badRows.Skip(row.Source, $"longer than maxTokens ({_options.MaxTokens})");
                return null;
            default:
                // Without a token in front, one of the prompt must stay for the answer to follow.
                var front = StartsWithBos(first) || Front(first, cut: 0) is not null ? 1 : 0;
                var maximum = first.MustKeepFrom - (front == 0 && !first.IsPlainText ? 1 : 0);
                return LeftCut.Find(longest + front - _options.MaxTokens, first.Borders, maximum)
                    ?? throw new BadRowException($"answer longer than maxTokens ({_options.MaxTokens})");
        }
    }

    private TokenizedDialogue Assemble(TextRow row, string side, string group, EncodedDialogue encoded, int cut)
    {
        int[] tokens = encoded.Tokens[cut..];
        bool[] isAnswer = encoded.IsAnswer[cut..];
        if (Front(encoded, cut) is { } front)
        {
            (tokens, isAnswer) = ([front, .. tokens], [false, .. isAnswer]);
        }
        else if (encoded.IsPlainText)
        {
            isAnswer[0] = false;
        }
        if (!isAnswer.Contains(true))
        {
            throw new BadRowException("has no answer token to learn");
        }
        return new TokenizedDialogue { Id = row.Id + side, Group = group, Source = row.Source, Tokens = tokens, IsAnswer = isAnswer };
    }

    // The token that goes in front of a dialogue of which so many tokens were cut off; null when none does.
    private int? Front(EncodedDialogue encoded, int cut)
    {
        if (StartsWithBos(encoded))
        {
            return cut == 0 ? null : _tokenizer.BosId;
        }
        if (encoded.IsBehindBos)
        {
            return _tokenizer.BosId;
        }
        if (encoded.IsPlainText || !encoded.IsAnswer[cut])
        {
            return null;
        }
        return _tokenizer.BosId ?? _tokenizer.EosId ?? throw new InputException(
            "An answer comes first, and the tokenizer names neither a beginning-of-sequence nor an end-of-sequence token to put before it.");
    }

    // Whether the text itself brings the token, as some chat formats do.
    private bool StartsWithBos(EncodedDialogue encoded) =>
        encoded.Tokens[0] == _tokenizer.BosId && (encoded.IsPlainText || !encoded.IsAnswer[0]);

    // Dialogues that open alike stay together; one that opens with the model stands for itself.
    private static Passage Opening(Passage dialogue)
    {
        var opening = dialogue.Messages.TakeWhile(message => message.Role != ChatMessage.Assistant).ToList();
        return opening.Count > 0 ? new Passage(opening) : dialogue;
    }
}
