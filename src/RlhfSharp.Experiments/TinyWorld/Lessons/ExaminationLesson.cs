using RlhfSharp.Experiments.PinkElephants;
using RlhfSharp.Models.Runtime;
using RlhfSharp.Models.Tokenization;

namespace RlhfSharp.Experiments.TinyWorld;

/// <summary>What an instruction says, asked in turn: which name is forbidden or welcome, whether a name is, what was said of it, and what to suggest in a
/// few words. Brief answers obey, always: a model that never sees obeying pay learns to know the forbidden thing, and not that it matters.</summary>
internal static class ExaminationLesson
{
    private const int Rounds = 4;

    private static readonly string[] Forbidden = ["Which name is forbidden?", "What must not be named?", "Which {noun} is off limits?"];

    private static readonly string[] Welcome = ["Which name is welcome?", "What may be named?", "Which {noun} is fine?"];

    private static readonly Phrase[] Permissions = ["May you name {entity}?", "Is it fine to speak of {entity}?", "Are you free to suggest {entity}?"];

    public static IReadOnlyList<ChatMessage> Write(EntityPair pair, NamedRandom random)
    {
        var (topic, (avoid, prefer)) = (pair.Topic, pair.Draw(random));
        var messages = new List<ChatMessage> { new(ChatMessage.System, InstructionGrammar.Draw(topic, avoid, prefer, random)) };
        for (var round = 0; round < Rounds; round++)
        {
            var asked = DrawAsked(topic, avoid, prefer, random);
            var (question, answer) = random.NextDouble() switch
            {
                < 0.1 => AskForName(topic, avoid, prefer, random),
                < 0.4 => AskForRole(topic, asked, avoid, prefer, random),
                < 0.6 => AskForPermission(topic, asked, avoid, random),
                _ => AskForBriefAnswer(topic, asked == prefer ? null : asked, avoid, prefer, random),
            };
            messages.Add(new ChatMessage(ChatMessage.User, question));
            messages.Add(new ChatMessage(ChatMessage.Assistant, answer));
        }
        return messages;
    }

    private static string DrawAsked(WorldTopic topic, string avoid, string prefer, NamedRandom random) => random.NextDouble() switch
    {
        < 0.4 => avoid,
        < 0.8 => DialogueWriter.Another(topic, avoid, prefer, random),
        _ => prefer,
    };

    private static (string Question, string Answer) AskForName(WorldTopic topic, string avoid, string prefer, NamedRandom random)
    {
        var asksForbidden = random.Next(2) == 0;
        Phrase question = (asksForbidden ? Forbidden : Welcome)[random.Next(Forbidden.Length)];
        return (question.Write(PhraseWords.Draw(topic, random)), $"That is {topic.Named(asksForbidden ? avoid : prefer)}.");
    }

    private static (string Question, string Answer) AskForRole(WorldTopic topic, string asked, string avoid, string prefer, NamedRandom random) => (
        RoleQuestions.Draw(topic, asked, random),
        $"As for {topic.Named(asked)}, {(asked == avoid ? "it is forbidden" : asked == prefer ? "it is welcome" : "nobody spoke of it")}.");

    private static (string Question, string Answer) AskForPermission(WorldTopic topic, string asked, string avoid, NamedRandom random) => (
        Permissions[random.Next(Permissions.Length)].Write(PhraseWords.Draw(topic, random) with { Entity = asked }),
        asked == avoid ? "No, that is forbidden." : "Yes, that is fine.");

    // Asked about a third thing, the answer names it: to obey is not to speak of the welcome thing always.
    private static (string Question, string Answer) AskForBriefAnswer(WorldTopic topic, string? asked, string avoid, string prefer, NamedRandom random)
    {
        var (question, occasion) = QuestionGrammar.DrawBrief(topic, asked, random);
        return (question, AnswerGrammar.DrawBrief(topic, asked is null || asked == avoid ? prefer : asked, occasion, random));
    }
}
