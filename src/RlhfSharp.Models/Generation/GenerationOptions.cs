using System.ComponentModel.DataAnnotations;

namespace RlhfSharp.Models.Generation;

/// <summary>How text is sampled.</summary>
public sealed record GenerationOptions
{
    /// <summary>Gets the largest number of new tokens per sample.</summary>
    /// <value>From 1 up. The default is 64. Fewer are made where the model's context ends.</value>
    [Range(1, int.MaxValue)]
    public int MaxNewTokens { get; init; } = 64;

    /// <summary>Gets the temperature.</summary>
    /// <value>0 (always the likeliest token) or more. The default is 1: the model's own distribution.</value>
    [Range(0.0, double.MaxValue)]
    public double Temperature { get; init; } = 1;

    /// <summary>Gets how many of the likeliest tokens are kept.</summary>
    /// <value>0 keeps all, which is the default.</value>
    [Range(0, int.MaxValue)]
    public int TopK { get; init; }

    /// <summary>Gets the probability that the kept tokens reach together.</summary>
    /// <value>Greater than 0, at most 1. The default is 1: all tokens are kept.</value>
    [Range(0.0, 1.0, MinimumIsExclusive = true)]
    public double TopP { get; init; } = 1;

    /// <summary>Gets how likely a token must be, as a share of the likeliest one's probability.</summary>
    /// <value>From 0 to 1. The default is 0: all tokens are kept.</value>
    [Range(0.0, 1.0)]
    public double MinP { get; init; }

    /// <summary>Gets what makes tokens of the prompt and of the text so far less likely: their scores are divided by it, or multiplied where negative.</summary>
    /// <value>Above 0. The default is 1, which changes nothing.</value>
    [Range(0.0, 1000.0, MinimumIsExclusive = true)]
    public double RepetitionPenalty { get; init; } = 1;

    /// <summary>Gets the strings at which a sample ends; they are not part of its text.</summary>
    public IReadOnlyList<string> StopStrings { get; init; } = [];

    /// <summary>Gets the largest number of samples that grow at the same time.</summary>
    /// <value>From 1 up. The default is 64. Changes speed and memory; results change in their last bits at most.</value>
    [Range(1, int.MaxValue)]
    public int BatchSize { get; init; } = 64;

    /// <summary>Gets how many tokens the samples that grow at the same time may come to have together, those of each prompt counted once.</summary>
    /// <value>From 1 up. The default is 32,768: with GPT-2 small in F32 their keys and values take 2.4 GB, and the cache up to twice that, for it grows by
    /// doubling. A sample that needs more grows alone.
    /// Changes speed and memory; results change in their last bits at most.</value>
    [Range(1, int.MaxValue)]
    public int TokenBudget { get; init; } = 32_768;
}
