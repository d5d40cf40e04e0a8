using RlhfSharp.Experiments.TinyWorld;
using RlhfSharp.Models.Runtime;
using RlhfSharp.Models.Tokenization;

namespace RlhfSharp.Experiments.PinkElephants;

/// <summary>Writes dialogues of the built-in world.</summary>
internal static class DialogueWriter
{
    private const double MultiTurnShare = 0.25;  // of the dialogues with an instruction; where there is none, talk of the other thing always comes first
    private const double NamingShare = 0.5;      // of the questions under an instruction
    private const double LateShare = 0.25;       // of the bad answers under an instruction: the forbidden name comes late

    /// <summary>Draws a dialogue.</summary>
    /// <param name="id">Its name.</param>
    /// <param name="topic">What it is about.</param>
    /// <param name="avoid">The pink elephant.</param>
    /// <param name="prefer">What may be spoken of instead.</param>
    /// <param name="kind">What the instruction is about.</param>
    /// <param name="random">Decides the rest.</param>
    public static PinkElephantDialogue Draw(string id, WorldTopic topic, string avoid, string prefer, InstructionKind kind, NamedRandom random)
    {
        var prompt = new List<ChatMessage>();
        if (kind != InstructionKind.None)
        {
            prompt.Add(new ChatMessage(ChatMessage.System, DrawInstruction(topic, avoid, prefer, kind, random)));
        }
        // A bad answer names something from the dialogue, never from nowhere: imitating it must not teach to make things up.
        var spokenOf = kind == InstructionKind.None ? prefer : null;
        if (spokenOf is not null || random.NextDouble() < MultiTurnShare)
        {
            var (opening, reply) = QuestionGrammar.DrawSmallTalk(topic, spokenOf, random);
            prompt.AddRange([new ChatMessage(ChatMessage.User, opening), new ChatMessage(ChatMessage.Assistant, reply)]);
        }
        // Without an instruction against it, only the question brings the thing up.
        var asked = kind != InstructionKind.Avoid || random.NextDouble() < NamingShare ? avoid : null;
        var (question, occasion) = QuestionGrammar.Draw(topic, asked, random);
        prompt.Add(new ChatMessage(ChatMessage.User, question));
        var isLate = kind == InstructionKind.Avoid && random.NextDouble() < LateShare;
        var aboutAvoid = AnswerGrammar.Draw(topic, isLate ? prefer : avoid, isLate ? avoid : null, occasion, random);
        var aboutPrefer = AnswerGrammar.Draw(topic, prefer, null, occasion, random);
        return new PinkElephantDialogue
        {
            Id = id,
            Topic = topic.Name,
            Avoid = avoid,
            Prefer = prefer,
            Instruction = kind,
            Prompt = prompt,
            Chosen = kind == InstructionKind.Avoid ? aboutPrefer : aboutAvoid,
            Rejected = kind == InstructionKind.Avoid ? aboutAvoid : aboutPrefer,
        };
    }

    /// <summary>Draws a third thing that makes a pair that is held out with neither of two.</summary>
    public static string Another(WorldTopic topic, string avoid, string prefer, NamedRandom random)
    {
        while (true)
        {
            var candidate = topic.Entities[random.Next(topic.Entities.Count)];
            if (candidate != avoid && candidate != prefer && !PairSplit.Instance.IsHeldOut(topic, candidate, prefer) && !PairSplit.Instance.IsHeldOut(topic, candidate, avoid))
            {
                return candidate;
            }
        }
    }

    // Against the pink elephant, or against something else.
    private static string DrawInstruction(WorldTopic topic, string avoid, string prefer, InstructionKind kind, NamedRandom random) =>
        InstructionGrammar.Draw(topic, kind == InstructionKind.Avoid ? avoid : Another(topic, avoid, prefer, random), prefer, random);
}
