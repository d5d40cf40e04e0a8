using RlhfSharp.Models.Runtime;
using RlhfSharp.Models.Tokenization;

namespace RlhfSharp.Experiments.TinyWorld;

/// <summary>The dialogues on which the built-in world's model is pretrained: a curriculum of four stages.</summary>
/// <remarks>A model of this size that starts with the dialogues themselves never learns to look up a name where it was said before: guessing lowers the loss as well,
/// for long. Then it cannot tell a question about the forbidden thing from one about another, and all that training can teach it later is never
/// to speak of what it was asked about. So it copies first, looks up names next, then learns what instructions make of names, and speaks in full at last.</remarks>
internal static class DialogueWorld
{
    private static readonly (double Weight, Lesson Lesson)[] LastStage =
    [
        (0.6, DialogueLesson.Write), (0.2, ExaminationLesson.Write), (0.05, RolesLesson.Write),
        (0.05, TalkLesson.Write), (0.05, CompanionsLesson.Write), (0.05, LedgerLesson.Write),
    ];

    private static readonly (double Share, (double Weight, Lesson Lesson)[] Lessons)[] Stages =
    [
        (0.19, [(0.7, ReciteLesson.Write), (0.3, CompanionsLesson.Write)]),
        (0.27, [(0.3, ReciteLesson.Write), (0.3, CompanionsLesson.Write), (0.4, LedgerLesson.Write)]),
        (0.28, [(0.4, RolesLesson.Write), (0.2, ExaminationLesson.Write), (0.1, CompanionsLesson.Write), (0.25, LedgerLesson.Write), (0.05, ReciteLesson.Write)]),
        (0.26, LastStage),
    ];

    /// <summary>Writes a dialogue of the curriculum.</summary>
    /// <param name="seed">The world's seed.</param>
    /// <param name="index">Which dialogue, from 0.</param>
    /// <param name="count">How many the curriculum has.</param>
    public static IReadOnlyList<ChatMessage> Write(long seed, int index, int count)
    {
        var progress = index / (double)count;
        var stage = 0;
        while (stage < Stages.Length - 1 && progress >= Stages[stage].Share)
        {
            progress -= Stages[stage++].Share;
        }
        return Write(Stages[stage].Lessons, new NamedRandom(seed, "tiny-world/dialogues", index));
    }

    /// <summary>Writes a dialogue as the last stage has them, from numbers that the curriculum does not use.</summary>
    /// <param name="seed">The world's seed.</param>
    /// <param name="index">Which dialogue, from 0.</param>
    public static IReadOnlyList<ChatMessage> WriteHeldOut(long seed, int index) => Write(LastStage, new NamedRandom(seed, "tiny-world/held-out", index));

    private static IReadOnlyList<ChatMessage> Write((double Weight, Lesson Lesson)[] lessons, NamedRandom random)
    {
        var pairs = PairSplit.Instance.Pretraining;
        var pair = pairs[random.Next(pairs.Count)];
        var draw = random.NextDouble() * lessons.Sum(lesson => lesson.Weight);
        foreach (var (weight, lesson) in lessons)
        {
            if ((draw -= weight) < 0)
            {
                return lesson(pair, random);
            }
        }
        return lessons[^1].Lesson(pair, random);
    }
}
