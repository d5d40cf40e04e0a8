using RlhfSharp.Models.Runtime;

namespace RlhfSharp.Experiments.TinyWorld;

/// <summary>What is put into the slots of a <see cref="Phrase"/>.</summary>
internal sealed record PhraseWords
{
    public required WorldTopic Topic { get; init; }

    public string Entity { get; init; } = string.Empty;

    /// <summary>Gets the entity that an instruction forbids.</summary>
    public string Avoid { get; init; } = string.Empty;

    /// <summary>Gets the entity that an instruction welcomes.</summary>
    public string Prefer { get; init; } = string.Empty;

    public required string Quality { get; init; }

    /// <summary>Gets another quality than <see cref="Quality"/>.</summary>
    public required string Second { get; init; }

    public required string Occasion { get; init; }

    public required string Place { get; init; }

    /// <summary>Draws everything but the entities.</summary>
    public static PhraseWords Draw(WorldTopic topic, NamedRandom random)
    {
        var first = random.Next(topic.Qualities.Count);
        var second = (first + 1 + random.Next(topic.Qualities.Count - 1)) % topic.Qualities.Count;
        return new PhraseWords
        {
            Topic = topic,
            Quality = topic.Qualities[first],
            Second = topic.Qualities[second],
            Occasion = topic.Occasions[random.Next(topic.Occasions.Count)],
            Place = topic.Places[random.Next(topic.Places.Count)],
        };
    }
}
