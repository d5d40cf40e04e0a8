namespace RlhfSharp.Experiments.Poems;

/// <summary>The tone of a poem, and why.</summary>
/// <param name="Tone">The tone whose words occur most often; null where none does, or two do equally.</param>
/// <param name="Reason">The counts that decided, in words.</param>
public sealed record ToneVerdict(PoemTone? Tone, string Reason);
