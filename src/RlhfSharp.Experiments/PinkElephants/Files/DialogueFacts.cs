using RlhfSharp.Experiments.Endpoints;

namespace RlhfSharp.Experiments.PinkElephants;

/// <summary>What <c>dataset.json</c> says about where dialogues came from.</summary>
/// <param name="Settings">How they came to be.</param>
/// <param name="Usage">What they cost.</param>
/// <param name="Dropped">What was left out, by step and reason.</param>
public sealed record DialogueFacts(DialogueSettings Settings, EndpointUsage Usage, IReadOnlyDictionary<string, int> Dropped)
{
    /// <summary>Describes the built-in world, where nothing is asked and nothing is left out.</summary>
    /// <param name="seed">The seed.</param>
    /// <returns>The facts.</returns>
    public static DialogueFacts BuiltIn(long seed) => new(new DialogueSettings { Seed = seed }, default, new Dictionary<string, int>());
}
