namespace RlhfSharp.Experiments.Poems;

/// <summary>Whether a poem has a form, and why.</summary>
/// <param name="Form">The form that was asked about.</param>
/// <param name="Fits">Whether the poem has it.</param>
/// <param name="Reason">The measurement that decided, in words.</param>
public sealed record FormVerdict(PoemForm Form, bool Fits, string Reason);
