namespace RlhfSharp.Experiments.TinyWorld;

/// <summary>A topic of the built-in world: things of one kind, and what can be said about them.</summary>
/// <param name="Name">In the plural, for instance <c>drinks</c>; unique.</param>
/// <param name="Noun">What one of the things is called.</param>
/// <param name="Article">What stands before a thing's name inside a sentence: nothing, or <c>the</c> and a blank.</param>
/// <param name="Entities">The things, of one to three words each. None occurs in another topic or inside another name.</param>
/// <param name="Qualities">Adjectives that may be said of any of them.</param>
/// <param name="Occasions">What they may be wanted for, for instance <c>with breakfast</c>.</param>
/// <param name="Places">Where they may be found.</param>
public sealed record WorldTopic(
    string Name,
    string Noun,
    string Article,
    IReadOnlyList<string> Entities,
    IReadOnlyList<string> Qualities,
    IReadOnlyList<string> Occasions,
    IReadOnlyList<string> Places)
{
    /// <summary>Writes a thing as it stands inside a sentence.</summary>
    /// <param name="entity">One of <see cref="Entities"/>.</param>
    /// <returns>With its article, if it takes one.</returns>
    public string Named(string entity) => Article + entity;
}
