using RlhfSharp.Models.Runtime;

namespace RlhfSharp.Experiments.TinyWorld;

/// <summary>Which pairs of things a model may be instructed about in training, which serve to choose settings, and which are for the evaluation.</summary>
/// <remarks>Fixed once and for all: whatever the seed of a run, nothing that trains sees an instruction about a pair that is held out. Of each
/// topic's 231 pairs, 26 are for training (a ring through all things, so that each occurs, and four more), three for validation and three
/// for evaluation. The others are left to the pretraining of the world.</remarks>
public sealed class PairSplit
{
    private const int ExtraTrainingPairs = 4;
    private const int HeldOutPairs = 3;

    private static readonly Lazy<PairSplit> Fixed = new(() => new PairSplit());

    private readonly HashSet<EntityPair> _heldOut;

    private PairSplit()
    {
        var (training, validation, evaluation, other) = (new List<EntityPair>(), new List<EntityPair>(), new List<EntityPair>(), new List<EntityPair>());
        foreach (var (index, topic) in Lexicon.Topics.Index())
        {
            var random = new NamedRandom(0, "entity-pairs", index);
            var places = Enumerable.Range(0, topic.Entities.Count).ToArray();
            random.Shuffle(places.AsSpan());
            var ring = places.Select((place, i) => Pair(topic, place, places[(i + 1) % places.Length])).ToList();
            var rest = Pairs(topic).Except(ring).ToArray();
            random.Shuffle(rest.AsSpan());
            training.AddRange([.. ring, .. rest[..ExtraTrainingPairs]]);
            validation.AddRange(rest[ExtraTrainingPairs..(ExtraTrainingPairs + HeldOutPairs)]);
            evaluation.AddRange(rest[(ExtraTrainingPairs + HeldOutPairs)..(ExtraTrainingPairs + 2 * HeldOutPairs)]);
            other.AddRange(rest[(ExtraTrainingPairs + 2 * HeldOutPairs)..]);
        }
        (Training, Validation, Evaluation) = (training, validation, evaluation);
        Pretraining = [.. training, .. other];
        _heldOut = [.. validation, .. evaluation];
    }

    /// <summary>Gets the one split there is.</summary>
    public static PairSplit Instance => Fixed.Value;

    /// <summary>Gets the pairs that training data is about.</summary>
    public IReadOnlyList<EntityPair> Training { get; }

    /// <summary>Gets the pairs on which settings are chosen.</summary>
    public IReadOnlyList<EntityPair> Validation { get; }

    /// <summary>Gets the pairs that are looked at once, in the end.</summary>
    public IReadOnlyList<EntityPair> Evaluation { get; }

    /// <summary>Gets the pairs about which the world's own model may see instructions: all but the held-out ones.</summary>
    public IReadOnlyList<EntityPair> Pretraining { get; }

    /// <summary>Tells whether two things make a pair for validation or evaluation.</summary>
    /// <param name="topic">Their topic.</param>
    /// <param name="one">One of them.</param>
    /// <param name="other">The other.</param>
    /// <returns>Whether they are held out.</returns>
    public bool IsHeldOut(WorldTopic topic, string one, string other) =>
        _heldOut.Contains(Pair(topic, Place(topic, one), Place(topic, other)));

    /// <summary>Takes the first things of which no two are the same or make a pair that is held out.</summary>
    /// <param name="things">Any number, or without end.</param>
    /// <param name="count">How many to take.</param>
    internal IReadOnlyList<(WorldTopic Topic, string Entity)> TakeApart(IEnumerable<(WorldTopic Topic, string Entity)> things, int count)
    {
        var taken = new List<(WorldTopic Topic, string Entity)>();
        foreach (var thing in things.TakeWhile(_ => taken.Count < count))
        {
            if (!taken.Exists(other => other.Topic == thing.Topic && (other.Entity == thing.Entity || IsHeldOut(thing.Topic, thing.Entity, other.Entity))))
            {
                taken.Add(thing);
            }
        }
        return taken;
    }

    private static int Place(WorldTopic topic, string entity) => topic.Entities.Index().First(item => item.Item == entity).Index;

    private static EntityPair Pair(WorldTopic topic, int one, int other) =>
        new(topic, topic.Entities[Math.Min(one, other)], topic.Entities[Math.Max(one, other)]);

    private static IEnumerable<EntityPair> Pairs(WorldTopic topic) =>
        from second in Enumerable.Range(0, topic.Entities.Count)
        from first in Enumerable.Range(0, second)
        select Pair(topic, first, second);
}
