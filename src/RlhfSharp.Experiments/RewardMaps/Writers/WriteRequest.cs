namespace RlhfSharp.Experiments.RewardMaps;

/// <summary>A text that is asked for.</summary>
/// <param name="Seed">The run's seed.</param>
/// <param name="Number">Counts the texts of a run, from 0: with the seed it names the random numbers that decide the text.</param>
/// <param name="Prompt">What the model reads.</param>
public sealed record WriteRequest(long Seed, long Number, string Prompt);
