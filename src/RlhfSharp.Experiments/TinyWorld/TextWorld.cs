using RlhfSharp.Models.Tokenization;

namespace RlhfSharp.Experiments.TinyWorld;

/// <summary>Texts to pretrain one of the built-in world's models on.</summary>
/// <param name="Names">What is one token each, a blank before it included.</param>
/// <param name="Write">Writes a text, by the seed, its number and how many there are.</param>
/// <param name="WriteHeldOut">Writes a text to measure the loss on, by the seed and its number.</param>
internal sealed record TextWorld(
    IReadOnlyList<string> Names, Func<long, int, int, IReadOnlyList<ChatMessage>> Write, Func<long, int, IReadOnlyList<ChatMessage>> WriteHeldOut)
{
    private static readonly TextWorld Dialogues = new([.. Lexicon.Topics.SelectMany(topic => topic.Entities)], DialogueWorld.Write, DialogueWorld.WriteHeldOut);

    // The words of poems are short and frequent: the tokenizer finds them by itself.
    private static readonly TextWorld Poems = new([], (seed, index, _) => PoemWorld.Write(seed, index), PoemWorld.WriteHeldOut);

    public static TextWorld Of(TextWorldKind kind) => kind == TextWorldKind.Poems ? Poems : Dialogues;
}
