namespace RlhfSharp.Benchmarks.Workloads;

/// <summary>What a round of a <see cref="PpoContest"/> is.</summary>
internal sealed record PpoContestSettings
{
    /// <summary>Gets the policy.</summary>
    public required ModelShape Shape { get; init; }

    /// <summary>Gets the number of prompts.</summary>
    public required int Prompts { get; init; }

    /// <summary>Gets the samples of each prompt.</summary>
    public required int SamplesPerPrompt { get; init; }

    /// <summary>Gets the smallest number of tokens of a prompt.</summary>
    public required int ShortestPrompt { get; init; }

    /// <summary>Gets the largest number of tokens of a prompt; numbers between the two are equally likely.</summary>
    public required int LongestPrompt { get; init; }

    /// <summary>Gets how many tokens a sample would have on average if there were no limit.</summary>
    public required double MeanSample { get; init; }

    /// <summary>Gets the largest number of tokens of a sample.</summary>
    public required int LongestSample { get; init; }

    /// <summary>Gets how many samples grow at a time in the plain rendering.</summary>
    public required int RowsAtATime { get; init; }

    /// <summary>Gets the samples of a step; they divide those of a round.</summary>
    public required int RowsPerStep { get; init; }
}
