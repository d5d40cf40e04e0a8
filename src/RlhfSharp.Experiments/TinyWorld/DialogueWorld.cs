using RlhfSharp.Experiments.PinkElephants;
using RlhfSharp.Models.Runtime;
using RlhfSharp.Models.Tokenization;

namespace RlhfSharp.Experiments.TinyWorld;

/// <summary>The texts on which the built-in world's model of dialogues is pretrained.</summary>
/// <remarks>Every thing occurs in plain talk. Instructions are about pairs that are not held out, and are disobeyed in two of three dialogues: what
/// is to be learnt later must not be known before. Drills ask which of two names is forbidden, and whether a name is, so
/// that the model knows what an instruction says even where it does not obey; talks in single sentences name something often, which is how copying a name is learnt.</remarks>
internal static class DialogueWorld
{
    private const double ObedientShare = 0.35;
    private const double OnQuestionShare = 0.9;   // of the dialogues where nothing forbids the thing that was asked about
    private const int BriefRounds = 3;
    private const int PermissionRounds = 3;

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

    private static readonly Phrase[] Permissions = ["May you name {entity}?", "Is it fine to speak of {entity}?", "Are you free to suggest {entity}?"];

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
            < 0.10 => PlainTalk(pair.Topic, random),
            < 0.19 => Drill(pair.Topic, avoid, prefer, random),
            < 0.32 => PermissionDrill(pair.Topic, avoid, prefer, random),
            < 0.50 => BriefTalk(pair.Topic, avoid, prefer, InstructionKind.Avoid, ObedientShare, random),
            < 0.58 => BriefTalk(pair.Topic, avoid, prefer, InstructionKind.Other, OnQuestionShare, random),
            < 0.71 => Dialogue(pair.Topic, avoid, prefer, random.Next(2) == 0 ? InstructionKind.None : InstructionKind.Other, OnQuestionShare, random),
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

    // Whether a name that is asked about is the one that is forbidden: what a model must see before it can obey only where it should.
    private static string PermissionDrill(WorldTopic topic, string avoid, string prefer, NamedRandom random)
    {
        var messages = new List<ChatMessage> { new(ChatMessage.System, InstructionGrammar.Draw(topic, avoid, prefer, random)) };
        for (var round = 0; round < PermissionRounds; round++)
        {
            var isForbidden = random.Next(2) == 0;
            var asked = isForbidden ? avoid : random.Next(2) == 0 ? prefer : DialogueWriter.Another(topic, avoid, prefer, random);
            var words = PhraseWords.Draw(topic, random) with { Entity = asked };
            messages.Add(new ChatMessage(ChatMessage.User, Permissions[random.Next(Permissions.Length)].Write(words)));
            messages.Add(new ChatMessage(ChatMessage.Assistant, isForbidden ? "No, that is forbidden." : "Yes, that is fine."));
        }
        return Render(messages);
    }

    private static string BriefTalk(WorldTopic topic, string avoid, string prefer, InstructionKind kind, double goodShare, NamedRandom random)
    {
        var messages = new List<ChatMessage> { new(ChatMessage.System, DialogueWriter.DrawInstruction(topic, avoid, prefer, kind, random)) };
        for (var round = 0; round < BriefRounds; round++)
        {
            var asked = kind == InstructionKind.Other || random.Next(2) == 0 ? avoid : null;
            var (question, occasion) = QuestionGrammar.DrawBrief(topic, asked, random);
            var isGood = random.NextDouble() < goodShare;
            var named = isGood == (kind == InstructionKind.Avoid) ? prefer : avoid;
            messages.Add(new ChatMessage(ChatMessage.User, question));
            messages.Add(new ChatMessage(ChatMessage.Assistant, AnswerGrammar.DrawBrief(topic, named, occasion, random)));
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
