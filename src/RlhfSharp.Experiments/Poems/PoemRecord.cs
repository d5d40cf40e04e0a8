namespace RlhfSharp.Experiments.Poems;

/// <summary>A poem of a collection.</summary>
/// <param name="Id">Unique in the collection: the file's name without its ending, a slash and a number from 1.</param>
/// <param name="Source">The file it comes from, without its folder.</param>
/// <param name="Title">Its title, or its number where it has no other; null for none.</param>
/// <param name="Form">What it is labelled as; in books, which label nothing, what it is judged to be, in small letters.</param>
/// <param name="IsLabelled">Whether <paramref name="Form"/> is a label.</param>
/// <param name="Text">Its lines, with an empty one between stanzas.</param>
public sealed record PoemRecord(string Id, string Source, string? Title, string Form, bool IsLabelled, string Text);
