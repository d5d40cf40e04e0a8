namespace RlhfSharp.Training.Data;

/// <summary>A prompt with one answer and the word whether it is desirable.</summary>
/// <param name="Id"><inheritdoc/></param>
/// <param name="Source"><inheritdoc/></param>
/// <param name="Prompt">What comes first.</param>
/// <param name="Completion">The answer, in the same form as the prompt; turns begin and end with one of the assistant.</param>
/// <param name="IsDesirable">The label.</param>
public sealed record UnpairedPreferenceRow(string Id, RowSource Source, Passage Prompt, Passage Completion, bool IsDesirable)
    : TextRow(Id, Source);
