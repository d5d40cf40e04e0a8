namespace RlhfSharp.Models.Tokenization;

/// <summary>A piece of a dialogue as the model reads it. Segments are tokenised one by one, so that the border of an answer is a border of tokens.</summary>
/// <param name="Text">The text, markers and white space included; never empty.</param>
/// <param name="IsAnswer">Whether the model is to produce it.</param>
public sealed record ChatSegment(string Text, bool IsAnswer);
