using RlhfSharp.Training.Data;

namespace RlhfSharp.Training.Rollouts;

/// <summary>A sample of the policy, with all that is known of it. What every on-policy method learns from, and one line of <c>rollouts.jsonl</c>.</summary>
public sealed record Rollout
{
    /// <summary>Gets the round it belongs to, from 0.</summary>
    public required int Round { get; init; }

    /// <summary>Gets the prompt's id.</summary>
    public required string Prompt { get; init; }

    /// <summary>Gets which of the prompt's samples it is, from 0.</summary>
    public required int Sample { get; init; }

    /// <summary>Gets what was asked, without any sign of who speaks.</summary>
    public required string PromptText { get; init; }

    /// <summary>Gets the prompt's tokens.</summary>
    public required int[] PromptTokens { get; init; }

    /// <summary>Gets the sampled tokens, the one that ended the sample included.</summary>
    public required int[] Tokens { get; init; }

    /// <summary>Gets the text without end tokens and stop strings.</summary>
    public required string Text { get; init; }

    /// <summary>Gets a value indicating whether it was cut off at its largest length.</summary>
    public required bool IsTruncated { get; init; }

    /// <summary>Gets log π of each sampled token, for the policy that sampled.</summary>
    public required float[] LogProbs { get; init; }

    /// <summary>Gets the same of the model that training started from; null where it was not asked.</summary>
    public float[]? ReferenceLogProbs { get; init; }

    /// <summary>Gets V of the state before each sampled token; null for policies without a value head.</summary>
    public float[]? Values { get; init; }

    /// <summary>Gets the rewards by name, as the recipe names their parts.</summary>
    public required OrderedDictionary<string, double> Rewards { get; init; }

    /// <summary>Gets the reward that counts, before clipping and penalties.</summary>
    public required double Reward { get; init; }

    /// <summary>Computes log π / π_start of the whole answer: k1 of http://joschu.net/blog/kl-approx.html, whose mean over answers is the divergence in nats per answer.</summary>
    /// <returns>The sum over its tokens.</returns>
    /// <exception cref="InvalidOperationException">The model that training started from was not asked.</exception>
    public double LogRatio() => LogProbs.Zip(Reference(), (own, start) => (double)own - start).Sum();

    /// <summary>Gets <see cref="ReferenceLogProbs"/> where they must be there.</summary>
    /// <exception cref="InvalidOperationException">The model that training started from was not asked.</exception>
    internal float[] Reference() => ReferenceLogProbs ?? throw new InvalidOperationException($"Sample {Sample} of prompt {Prompt} was not shown to the model that training started from.");

    /// <summary>Makes a training row of it.</summary>
    /// <returns>The row; its answer is the sampled tokens.</returns>
    public TokenizedDialogue ToDialogue() => new()
    {
        Id = $"{Prompt}/{Sample}",
        Group = Prompt,
        Source = new RowSource($"round {Round}, prompt {Prompt}", Sample + 1),
        Tokens = [.. PromptTokens, .. Tokens],
        IsAnswer = [.. PromptTokens.Select(_ => false), .. Tokens.Select(_ => true)],
    };
}
