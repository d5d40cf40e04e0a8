namespace RlhfSharp.Models.Generation;

/// <summary>A piece of a sample's text, as soon as it is certain.</summary>
/// <param name="Prompt">Index of the prompt.</param>
/// <param name="Sample">Index of the sample of that prompt.</param>
/// <param name="Text">What follows the pieces before: whole characters, and nothing that a stop string may yet cut off. Empty only in the last piece.</param>
/// <param name="Finished">The whole sample, in its last piece; null before.</param>
public sealed record TextDelta(int Prompt, int Sample, string Text, GeneratedSample? Finished);
