namespace RlhfSharp.Benchmarks.Workloads;

/// <summary>What a <see cref="GenerationContest"/> generates, at temperature 1.</summary>
internal sealed record GenerationSettings
{
    /// <summary>Gets the model.</summary>
    public required ModelShape Shape { get; init; }

    /// <summary>Gets the number of different prompts.</summary>
    public required int Prompts { get; init; }

    /// <summary>Gets the tokens of each prompt.</summary>
    public required int PromptLength { get; init; }

    /// <summary>Gets the continuations of each prompt.</summary>
    public int SamplesPerPrompt { get; init; } = 1;

    /// <summary>Gets the new tokens of each continuation.</summary>
    public required int NewTokens { get; init; }

    /// <summary>Gets how many of the best tokens may be drawn.</summary>
    public required int TopK { get; init; }

    /// <summary>Gets β of ILQL's steering; null generates without ILQL heads.</summary>
    public double? SteeringBeta { get; init; }

    /// <summary>Gets the number of continuations, which all grow at the same time.</summary>
    public int Rows => Prompts * SamplesPerPrompt;
}
