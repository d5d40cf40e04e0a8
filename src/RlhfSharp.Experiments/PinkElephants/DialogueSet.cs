using RlhfSharp.Experiments.TinyWorld;
using RlhfSharp.Models.Runtime;

namespace RlhfSharp.Experiments.PinkElephants;

/// <summary>Dialogues in three parts that share no pair of things: those of the built-in world, or others.</summary>
public sealed class DialogueSet
{
    /// <summary>How many dialogues of each part are written about a pair, with either thing as the one to avoid.</summary>
    private const int TrainingPerDirection = 20;
    private const int ValidationPerDirection = 4;
    private const int EvaluationPerDirection = 12;

    /// <summary>Initializes a set of dialogues from elsewhere.</summary>
    /// <param name="training">The dialogues to train on.</param>
    /// <param name="validation">The dialogues on which settings are chosen.</param>
    /// <param name="evaluation">The dialogues that are looked at once, in the end.</param>
    public DialogueSet(IReadOnlyList<PinkElephantDialogue> training, IReadOnlyList<PinkElephantDialogue> validation, IReadOnlyList<PinkElephantDialogue> evaluation) =>
        (Training, Validation, Evaluation) = (training, validation, evaluation);

    /// <summary>Gets the dialogues to train on.</summary>
    public IReadOnlyList<PinkElephantDialogue> Training { get; }

    /// <summary>Gets the dialogues on which settings are chosen.</summary>
    public IReadOnlyList<PinkElephantDialogue> Validation { get; }

    /// <summary>Gets the dialogues that are looked at once, in the end.</summary>
    public IReadOnlyList<PinkElephantDialogue> Evaluation { get; }

    /// <summary>Writes the set of the built-in world.</summary>
    /// <param name="seed">Decides the wording; the pairs are always the same.</param>
    /// <returns>20,800 dialogues to train on, 480 for validation, 1,440 for evaluation; three of four under an instruction.</returns>
    public static DialogueSet Create(long seed) => new(
        Write("train", PairSplit.Instance.Training, TrainingPerDirection, seed),
        Write("validation", PairSplit.Instance.Validation, ValidationPerDirection, seed),
        Write("evaluation", PairSplit.Instance.Evaluation, EvaluationPerDirection, seed));

    /// <summary>Draws some of the dialogues; fewer are a part of more.</summary>
    /// <param name="dialogues">All of them.</param>
    /// <param name="count">How many; 0 takes all.</param>
    /// <returns>In their order.</returns>
    public static IReadOnlyList<PinkElephantDialogue> Some(IReadOnlyList<PinkElephantDialogue> dialogues, int count)
    {
        if (count == 0 || count >= dialogues.Count)
        {
            return dialogues;
        }
        var places = Enumerable.Range(0, dialogues.Count).ToArray();
        new NamedRandom(0, "some-dialogues").Shuffle(places.AsSpan());
        return [.. places.Take(count).Order().Select(place => dialogues[place])];
    }

    private static List<PinkElephantDialogue> Write(string part, IReadOnlyList<EntityPair> pairs, int perDirection, long seed)
    {
        var dialogues = new List<PinkElephantDialogue>();
        foreach (var (index, pair) in pairs.Index())
        {
            for (var i = 0; i < 2 * perDirection; i++)
            {
                var (avoid, prefer) = i % 2 == 0 ? (pair.First, pair.Second) : (pair.Second, pair.First);
                var kind = ((i / 2 + 4 * index) % 8) switch { 3 => InstructionKind.None, 7 => InstructionKind.Other, _ => InstructionKind.Avoid };
                var random = new NamedRandom(seed, $"dialogue/{part}/{index}", i);
                dialogues.Add(DialogueWriter.Draw($"{part}-{index}-{i}", pair.Topic, avoid, prefer, kind, random));
            }
        }
        return dialogues;
    }
}
