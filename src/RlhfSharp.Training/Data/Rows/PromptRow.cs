namespace RlhfSharp.Training.Data;

/// <summary>A prompt to be answered by the model that is trained or evaluated.</summary>
/// <param name="Id"><inheritdoc/></param>
/// <param name="Source"><inheritdoc/></param>
/// <param name="Prompt">What the model is to answer.</param>
public sealed record PromptRow(string Id, RowSource Source, Passage Prompt) : TextRow(Id, Source);
