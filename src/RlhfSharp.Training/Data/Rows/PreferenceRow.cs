namespace RlhfSharp.Training.Data;

/// <summary>A prompt with two answers, of which somebody preferred one.</summary>
/// <param name="Id"><inheritdoc/></param>
/// <param name="Source"><inheritdoc/></param>
/// <param name="Prompt">What both sides share.</param>
/// <param name="Chosen">The better answer, in the same form as the prompt; turns begin and end with one of the assistant.</param>
/// <param name="Rejected">The worse answer, which differs from the better one.</param>
public sealed record PreferenceRow(string Id, RowSource Source, Passage Prompt, Passage Chosen, Passage Rejected) : TextRow(Id, Source);
