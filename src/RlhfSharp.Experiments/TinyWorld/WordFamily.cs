namespace RlhfSharp.Experiments.TinyWorld;

/// <summary>Words that go together, by what they are in a line.</summary>
/// <param name="Adjectives">Before a noun.</param>
/// <param name="Nouns">In the singular, with an article before them.</param>
/// <param name="Verbs">In the third person, without an object; one or two words.</param>
internal sealed record WordFamily(IReadOnlyList<string> Adjectives, IReadOnlyList<string> Nouns, IReadOnlyList<string> Verbs);
