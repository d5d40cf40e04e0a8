using RlhfSharp.Models.Runtime;

namespace RlhfSharp.Models.Checkpoints;

/// <summary>A checkpoint is in order, but asks for something that is not implemented. The message names it.</summary>
/// <param name="message">The file, the key, and what is implemented instead.</param>
public sealed class UnsupportedModelException(string message) : InputException(message);
