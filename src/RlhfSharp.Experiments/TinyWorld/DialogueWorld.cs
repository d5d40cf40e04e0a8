using RlhfSharp.Experiments.PinkElephants;
using RlhfSharp.Models.Runtime;
using RlhfSharp.Models.Tokenization;

namespace RlhfSharp.Experiments.TinyWorld;

/// <summary>The texts on which the built-in world's model of dialogues is pretrained.</summary>
/// <remarks>Every thing occurs in plain talk. Instructions are about pairs that are not held out, and are disobeyed in three of four dialogues: what
/// is to be learnt later must not be known before. Drills ask which of two names is forbidden, so that the model knows what an
/// instruction says even where it does not obey.</remarks>
internal static class DialogueWorld
{
    private const double ObedientShare = 0.25;
    private const double OnQuestionShare = 0.9;   // of the dialogues where nothing forbids the thing that was asked about

    private static readonly Phrase[] Talk =
    [
        "People talk about {entity} {occasion}.",
        "Here is a word on {entity}: it is {quality} and {second}.",
        "Today I saw {entity} {place}.",
        "We all know {entity}, {a-quality} {noun}.",
        "My aunt likes {entity} {occasion}.",
    ];

    private static readonly string[] Drills =
    [
        "Which name is forbidden?", "What must not be named?", "Which {noun} is off limits?",
    ];

    private static readonly string[] OtherDrills = ["Which name is welcome?", "What may be named?", "Which {noun} is fine?"];

    /// <summary>Writes a text.</summary>
    /// <param name="seed">The world's seed.</param>
    /// <param name="index">Which text.</param>
    public static string Write(long seed, int index)
    {
        var random = new NamedRandom(seed, "tiny-world/dialogues", index);
        var pairs = PairSplit.Instance.Pretraining;
        var pair = pairs[random.Next(pairs.Count)];
        var (avoid, prefer) = random.Next(2) == 0 ? (pair.First, pair.Second) : (pair.Second, pair.First);
        return random.NextDouble() switch
        {
            < 0.20 => PlainTalk(pair.Topic, random),
            < 0.45 => Drill(pair.Topic, avoid, prefer, random),
            < 0.58 => Dialogue(pair.Topic, avoid, prefer, random.Next(2) == 0 ? InstructionKind.None : InstructionKind.Other, OnQuestionShare, random),
            _ => Dialogue(pair.Topic, avoid, prefer, InstructionKind.Avoid, ObedientShare, random),
        };
    }

    // About one thing, said again and again: from this the model learns to copy a name.
    private static string PlainTalk(WorldTopic topic, NamedRandom random)
    {
        var entity = topic.Entities[random.Next(topic.Entities.Count)];
        return string.Join(' ', Enumerable.Range(0, 2 + random.Next(2)).Select(_ =>
            Talk[random.Next(Talk.Length)].Write(PhraseWords.Draw(topic, random) with { Entity = entity })));
    }

    private static string Drill(WorldTopic topic, string avoid, string prefer, NamedRandom random)
    {
        var words = PhraseWords.Draw(topic, random) with { Avoid = avoid, Prefer = prefer };
        var messages = new List<ChatMessage> { new(ChatMessage.System, InstructionGrammar.Draw(topic, avoid, prefer, random)) };
        var first = random.Next(2);
        for (var i = 0; i < 2; i++)
        {
            var asksForbidden = (first + i) % 2 == 0;
            Phrase question = (asksForbidden ? Drills : OtherDrills)[random.Next(Drills.Length)];
            messages.Add(new ChatMessage(ChatMessage.User, question.Write(words)));
            messages.Add(new ChatMessage(ChatMessage.Assistant, $"That is {topic.Named(asksForbidden ? avoid : prefer)}."));
        }
        return Render(messages);
    }

    private static string Dialogue(WorldTopic topic, string avoid, string prefer, InstructionKind kind, double goodShare, NamedRandom random)
    {
        var dialogue = DialogueWriter.Draw("world", topic, avoid, prefer, kind, random);
        var answer = random.NextDouble() < goodShare ? dialogue.Chosen : dialogue.Rejected;
        return Render([.. dialogue.Prompt, new ChatMessage(ChatMessage.Assistant, answer)]);
    }

    private static string Render(IReadOnlyList<ChatMessage> messages) =>
        string.Concat(new HumanAssistantFormat().Render(messages).Select(segment => segment.Text));
}
