namespace RlhfSharp.Training.Data;

/// <summary>Text to imitate: of a string everything, of a dialogue the assistant's turns.</summary>
/// <param name="Id"><inheritdoc/></param>
/// <param name="Source"><inheritdoc/></param>
/// <param name="Content">The string or the dialogue, which ends with an assistant turn.</param>
public sealed record LanguageModelingRow(string Id, RowSource Source, Passage Content) : TextRow(Id, Source);
