namespace RlhfSharp.Benchmarks.Workloads;

/// <summary>What a <see cref="RaggedGenerationContest"/> generates, at temperature 1 from all tokens.</summary>
internal sealed record RaggedGenerationSettings
{
    /// <summary>Gets the model.</summary>
    public required ModelShape Shape { get; init; }

    /// <summary>Gets the number of different prompts.</summary>
    public required int Prompts { get; init; }

    /// <summary>Gets the tokens of each prompt; null draws lengths as for the samples.</summary>
    public int? PromptLength { get; init; }

    /// <summary>Gets the continuations of each prompt.</summary>
    public required int SamplesPerPrompt { get; init; }

    /// <summary>Gets the smallest number of new tokens.</summary>
    public required int Shortest { get; init; }

    /// <summary>Gets the largest number of new tokens; numbers between the two are equally likely.</summary>
    public required int Longest { get; init; }

    /// <summary>Gets how many samples grow at a time, on both sides.</summary>
    public required int BatchSize { get; init; }
}
