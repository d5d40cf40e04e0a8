using RlhfSharp.Experiments.PinkElephants;
using RlhfSharp.Models.Tokenization;
using RlhfSharp.Training.Data;

namespace RlhfSharp.Experiments.Tests.PinkElephants;

public sealed class PinkElephantRowsTests
{
    private static readonly IReadOnlyList<PinkElephantDialogue> Dialogues = DialogueSet.Some(DialogueSet.Create(0).Training, 200);

    // Few ids on purpose: most names are several tokens then.
    private static readonly Tokenizer Tokenizer = new ByteLevelBpeTrainer { VocabularySize = 400, EosToken = "<|end|>", BosToken = "<|end|>" }.Train(Dialogues.Select(dialogue => dialogue.Chosen));

    [Fact]
    public void Rewarded_AtTheMention_IsOnTheTokenThatCompletesTheName()
    {
        var rows = Tokenize(PinkElephantRows.Rewarded(LabelledAnswer.Written(Dialogues), RewardPlace.Mention));

        Assert.Equal(400, rows.Count);
        foreach (var (index, row) in rows.Index())
        {
            var dialogue = Dialogues[index / 2];
            var (isChosen, isForbidden) = (index % 2 == 0, dialogue.Instruction == InstructionKind.Avoid);
            var named = isChosen == isForbidden ? dialogue.Prefer : dialogue.Avoid;
            var token = Assert.Single(row.RewardedTokens);
            Assert.Equal(isChosen ? 1 : -1, row.Rewards![token]);
            // The token before ends ahead of the name's last letter, this one not.
            var answer = Answer(row, row.Tokens.Length - 1);
            var last = new MentionDetector(named).Find(answer)[0].Last;
            Assert.InRange(last, Answer(row, token - 1).Length, Answer(row, token).Length - 1);
        }
    }

    [Fact]
    public void Rewarded_AtTheEnd_IsOnTheLastToken()
    {
        foreach (var row in Tokenize(PinkElephantRows.Rewarded(LabelledAnswer.Written(Dialogues), RewardPlace.End)))
        {
            Assert.Equal([row.Tokens.Length - 1], row.RewardedTokens);
        }
    }

    [Fact]   // pretraining writes whole texts out, training prompt and answer: the model must see the same tokens
    public void Chosen_HasTheTokensOfTheWholeText()
    {
        foreach (var (dialogue, row) in Dialogues.Zip(Tokenize(PinkElephantRows.Good(LabelledAnswer.Written(Dialogues)))))
        {
            var turns = dialogue.Prompt.Append(new ChatMessage(ChatMessage.Assistant, dialogue.Chosen));
            var text = string.Concat(new HumanAssistantFormat().Render([.. turns]).Select(segment => segment.Text));
            Assert.Equal([Tokenizer.BosId!.Value, .. Tokenizer.Encode(text), Tokenizer.EosId!.Value], row.Tokens);
        }
    }

    [Fact]
    public void Prompt_IsWhatTrainingShowsBeforeTheAnswer()
    {
        var prompts = new DialoguePrompts(Tokenizer, new HumanAssistantFormat());
        foreach (var (dialogue, row) in Dialogues.Zip(Tokenize(PinkElephantRows.Good(LabelledAnswer.Written(Dialogues)))))
        {
            Assert.Equal(row.Tokens[..Array.IndexOf(row.IsAnswer, true)], prompts.Prompt(dialogue));
        }
    }

    private static string Answer(TokenizedDialogue row, int upTo) =>
        Tokenizer.Decode(row.Tokens[Array.IndexOf(row.IsAnswer, true)..(upTo + 1)]);

    private static IReadOnlyList<TokenizedDialogue> Tokenize(IEnumerable<TextRow> rows) => new DialogueTokenizer(
        Tokenizer, new HumanAssistantFormat(), new DialogueTokenizerOptions { MaxTokens = 1024, AddBos = true }, new BadRows(OnBadRow.Error)).TokenizeDialogues(rows);
}
