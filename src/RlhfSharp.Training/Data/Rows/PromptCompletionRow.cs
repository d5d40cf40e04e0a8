namespace RlhfSharp.Training.Data;

/// <summary>A prompt with the answer to imitate.</summary>
/// <param name="Id"><inheritdoc/></param>
/// <param name="Source"><inheritdoc/></param>
/// <param name="Prompt">What comes first.</param>
/// <param name="Completion">The answer, in the same form as the prompt; turns begin and end with one of the assistant.</param>
public sealed record PromptCompletionRow(string Id, RowSource Source, Passage Prompt, Passage Completion) : TextRow(Id, Source);
