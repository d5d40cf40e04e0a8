using RlhfSharp.Models.Tokenization;
using RlhfSharp.Training.Data;

namespace RlhfSharp.Experiments.PinkElephants;

/// <summary>Writes dialogues out as tokens: prompts to answer, and answers behind their prompts to measure.</summary>
internal sealed class DialoguePrompts(Tokenizer tokenizer, IChatFormat format)
{
    private readonly DialogueTokenizer _encoder = new(
        tokenizer, format, new DialogueTokenizerOptions { MaxTokens = int.MaxValue, AddBos = tokenizer.BosId is not null }, new BadRows(OnBadRow.Error));

    private readonly PromptEncoder _prompts = new(tokenizer, format);

    public Tokenizer Tokenizer => tokenizer;

    public IChatFormat Format => format;

    /// <summary>Encodes what a model reads before it answers.</summary>
    public IReadOnlyList<int> Prompt(PinkElephantDialogue dialogue) => Prompt(dialogue.Prompt);

    /// <summary>Encodes what a model reads before it answers: turns as the format writes them, a string as it is.</summary>
    public IReadOnlyList<int> Prompt(Passage passage) => passage.IsConversational ? Prompt(passage.Messages) : _prompts.Text(passage.Text);

    /// <summary>Encodes what a model reads before it answers.</summary>
    public IReadOnlyList<int> Prompt(IReadOnlyList<ChatMessage> messages) => _prompts.Turns(messages);

    /// <summary>Encodes answers behind their prompts.</summary>
    public IReadOnlyList<TokenizedDialogue> Answered(IReadOnlyList<PinkElephantDialogue> dialogues, IReadOnlyList<string> answers) =>
        Answered([.. dialogues.Zip(answers, (dialogue, answer) => (dialogue.Id, new Passage(dialogue.Prompt), answer))]);

    /// <summary>Encodes answers behind their prompts.</summary>
    public IReadOnlyList<TokenizedDialogue> Answered(IReadOnlyList<(string Id, Passage Prompt, string Answer)> answers) =>
        _encoder.TokenizeDialogues(PinkElephantRows.Answered(answers));
}
