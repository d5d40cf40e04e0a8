using RlhfSharp.Models.Tokenization;

namespace RlhfSharp.Training.Data;

/// <summary>Makes a typed row of a row's columns. What is wrong with a row is a <see cref="BadRowException"/>.</summary>
internal static class RowParser
{
    public static TextRow Parse(RowFields fields, RowSchema schema, RowSource source)
    {
        var columns = RowColumns.Match(schema, fields.Columns);
        var id = fields.Id() ?? source.ToString();
        return schema switch
        {
            RowSchema.LanguageModeling => new LanguageModelingRow(id, source, Whole(fields, columns[0])),
            RowSchema.PromptOnly => new PromptRow(id, source, fields.Passage(RowColumns.Prompt)),
            RowSchema.PromptCompletion => Completed(fields, (prompt, completion) => new PromptCompletionRow(id, source, prompt, completion)),
            RowSchema.UnpairedPreference => Completed(
                fields, (prompt, completion) => new UnpairedPreferenceRow(id, source, prompt, completion, fields.Truth(RowColumns.Label))),
            RowSchema.Preference => Explicit(fields, id, source),
            RowSchema.ImplicitPreference => Implicit(fields, id, source),
            RowSchema.Rewarded => Rewarded(fields, columns, id, source),
            _ => throw new ArgumentOutOfRangeException(nameof(schema), schema, "Detection comes first."),
        };
    }

    private static TextRow Completed(RowFields fields, Func<Passage, Passage, TextRow> build)
    {
        var prompt = fields.Passage(RowColumns.Prompt);
        return build(prompt, Answer(fields, RowColumns.Completion, prompt));
    }

    private static PreferenceRow Explicit(RowFields fields, string id, RowSource source)
    {
        var prompt = fields.Passage(RowColumns.Prompt);
        var chosen = Answer(fields, RowColumns.Chosen, prompt);
        var rejected = Answer(fields, RowColumns.Rejected, prompt);
        return chosen.SameAs(rejected) ? throw SidesAreEqual() : new PreferenceRow(id, source, prompt, chosen, rejected);
    }

    private static PreferenceRow Implicit(RowFields fields, string id, RowSource source)
    {
        var chosen = fields.Passage(RowColumns.Chosen);
        var rejected = fields.Passage(RowColumns.Rejected);
        CheckForm(RowColumns.Rejected, rejected, RowColumns.Chosen, chosen);
        if (!chosen.IsConversational && AnthropicDialogue.Is(chosen.Text) && AnthropicDialogue.Is(rejected.Text))
        {
            chosen = Turns(RowColumns.Chosen, chosen.Text);
            rejected = Turns(RowColumns.Rejected, rejected.Text);
        }
        if (chosen.SameAs(rejected))
        {
            throw SidesAreEqual();
        }
        var (prompt, chosenAnswer, rejectedAnswer) = SharedPrompt.Split(chosen, rejected);
        if (prompt.IsBlank)
        {
            throw new BadRowException($"'{RowColumns.Chosen}' and '{RowColumns.Rejected}' share no prompt: they differ from the start");
        }
        return new PreferenceRow(
            id, source, prompt, CheckAnswer(RowColumns.Chosen, chosenAnswer), CheckAnswer(RowColumns.Rejected, rejectedAnswer));
    }

    private static RewardedRow Rewarded(RowFields fields, IReadOnlyList<string> columns, string id, RowSource source)
    {
        string[] rewards = [RowColumns.Reward, RowColumns.TurnRewards, RowColumns.TokenRewards];
        var given = rewards.Where(fields.Columns.Contains).ToList();
        if (given.Count > 1)
        {
            throw new BadRowException($"has both '{given[0]}' and '{given[1]}': one of them decides");
        }
        var hasPrompt = columns[0] == RowColumns.Prompt;
        var prompt = hasPrompt ? fields.Passage(RowColumns.Prompt) : null;
        var completion = prompt is null ? Whole(fields, columns[0]) : Answer(fields, RowColumns.Completion, prompt);
        var row = new RewardedRow(id, source, prompt, completion);
        return given[0] switch
        {
            RowColumns.Reward => row with { Reward = fields.Number(RowColumns.Reward) },
            RowColumns.TurnRewards => row with { TurnRewards = TurnRewards(fields, completion) },
            _ => row with { TokenRewards = TokenRewards(fields, completion) },
        };
    }

    private static IReadOnlyList<double?> TurnRewards(RowFields fields, Passage dialogue)
    {
        const string Column = RowColumns.TurnRewards;
        var rewards = fields.Numbers(Column);
        var turns = dialogue.Messages.Count(message => message.Role == ChatMessage.Assistant);
        return rewards.Count != turns ? throw new BadRowException($"'{Column}' has {rewards.Count} entries for {turns} assistant turns")
            : rewards.All(reward => reward is null) ? throw new BadRowException($"'{Column}' holds no number")
            : rewards;
    }

    private static IReadOnlyList<TokenReward> TokenRewards(RowFields fields, Passage completion)
    {
        if (completion.IsConversational && completion.Messages.Count != 1)
        {
            throw new BadRowException($"'{RowColumns.TokenRewards}' needs a completion of one turn, this one has {completion.Messages.Count}");
        }
        var length = (completion.IsConversational ? completion.Messages[0].Content : completion.Text).Length;
        var rewards = fields.TokenRewards(RowColumns.TokenRewards);
        var beyond = rewards.FirstOrDefault(reward => reward.At >= length, new TokenReward(-1, 0)).At;
        return beyond < 0 ? rewards
            : throw new BadRowException($"'{RowColumns.TokenRewards}' names character {beyond} of a completion of {length} characters");
    }

    // A text, or a dialogue that ends with an answer.
    private static Passage Whole(RowFields fields, string column)
    {
        var whole = fields.Passage(column);
        if (whole.IsConversational != (column == RowColumns.Messages))
        {
            throw new BadRowException($"'{column}' is {Form(whole)}, expected {(whole.IsConversational ? "a string" : "a list of messages")}");
        }
        return whole.IsConversational ? CheckEnd(column, whole) : whole;
    }

    private static Passage Answer(RowFields fields, string column, Passage prompt)
    {
        var answer = fields.Passage(column);
        CheckForm(column, answer, RowColumns.Prompt, prompt);
        return CheckAnswer(column, answer);
    }

    private static void CheckForm(string column, Passage passage, string otherColumn, Passage other)
    {
        if (passage.IsConversational != other.IsConversational)
        {
            throw new BadRowException($"'{otherColumn}' is {Form(other)} and '{column}' {Form(passage)}: both must have the same form");
        }
    }

    private static Passage CheckAnswer(string column, Passage answer)
    {
        if (!answer.IsConversational)
        {
            return string.IsNullOrWhiteSpace(answer.Text) ? throw new BadRowException($"the answer of '{column}' is empty") : answer;
        }
        return answer.Messages[0].Role == ChatMessage.Assistant ? CheckEnd(column, answer)
            : throw new BadRowException($"the answer of '{column}' begins with a {answer.Messages[0].Role} turn, expected one of the assistant");
    }

    private static Passage CheckEnd(string column, Passage dialogue) => dialogue.Messages[^1].Role == ChatMessage.Assistant ? dialogue
        : throw new BadRowException($"'{column}' ends with a {dialogue.Messages[^1].Role} turn, expected one of the assistant");

    private static Passage Turns(string column, string text)
    {
        var messages = AnthropicDialogue.Parse(text);
        var empty = messages.Select((message, i) => (message, i)).FirstOrDefault(pair => string.IsNullOrWhiteSpace(pair.message.Content));
        return empty.message is null ? new Passage(messages) : throw new BadRowException($"turn {empty.i + 1} of '{column}' is empty");
    }

    private static BadRowException SidesAreEqual() =>
        new($"'{RowColumns.Chosen}' and '{RowColumns.Rejected}' are equal: there is no preference to learn");

    private static string Form(Passage passage) => passage.IsConversational ? "a list of messages" : "a string";
}
