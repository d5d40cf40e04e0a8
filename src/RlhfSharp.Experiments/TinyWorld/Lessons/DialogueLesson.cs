using RlhfSharp.Experiments.PinkElephants;
using RlhfSharp.Models.Runtime;
using RlhfSharp.Models.Tokenization;

namespace RlhfSharp.Experiments.TinyWorld;

/// <summary>The dialogues that later training is about, answered in full. Nine of ten answers name what they were told not to name: what is to be learnt
/// later must not be done before, and brief answers, which obey, are imitated in part where answers are in full.</summary>
internal static class DialogueLesson
{
    private const double ObedientShare = 0.1;     // of the dialogues in which a thing is forbidden
    private const double OnQuestionShare = 0.9;   // of those where nothing forbids the thing that was asked about

    public static IReadOnlyList<ChatMessage> Write(EntityPair pair, NamedRandom random)
    {
        var (avoid, prefer) = pair.Draw(random);
        var kind = random.NextDouble() switch
        {
            < 0.2 => InstructionKind.None,
            < 0.4 => InstructionKind.Other,
            _ => InstructionKind.Avoid,
        };
        var dialogue = DialogueWriter.Draw("world", pair.Topic, avoid, prefer, kind, random);
        var goodShare = kind == InstructionKind.Avoid ? ObedientShare : OnQuestionShare;
        return [.. dialogue.Prompt, new ChatMessage(ChatMessage.Assistant, random.NextDouble() < goodShare ? dialogue.Chosen : dialogue.Rejected)];
    }
}
