using System.ComponentModel.DataAnnotations;

namespace RlhfSharp.Training.Objectives;

/// <summary>Settings of reinforced self-training; recipe section <c>objective</c> with <c>kind: rest</c>. A round is a Grow step; each threshold is an Improve
/// step on its samples, of <see cref="OnPolicyOptions.UpdateEpochs"/> passes.</summary>
[RecipeKind("rest")]
public sealed record RestOptions : OnPolicyOptions, IValidatableObject
{
    /// <summary>Initializes the settings.</summary>
    public RestOptions() => KlCoefficient = 0;

    /// <summary>Gets the number of samples per prompt.</summary>
    /// <value>From 2 up. The default is 16 (trlX: 32).</value>
    [Range(2, 100_000)]
    public int SamplesPerPrompt { get; init; } = 16;

    /// <summary>Gets the threshold of each Improve step.</summary>
    /// <value>At least one, rising, from 0 to 1. The default goes from 0.7 to 0.95, as in trlX.</value>
    [MinLength(1)]
    public IReadOnlyList<double> Thresholds { get; init; } = [0.7, 0.8, 0.9, 0.95];

    /// <summary>Gets what the thresholds are measured in.</summary>
    /// <value>The default is percentile. The loss <c>dpo</c> does not read it: there a pair is kept whose gap exceeds the threshold times the round's largest gap.</value>
    public RestSelection Selection { get; init; } = RestSelection.Percentile;

    /// <summary>Gets how Improve steps learn.</summary>
    /// <value>The default is nll.</value>
    public RestLoss Loss { get; init; } = RestLoss.Nll;

    /// <summary>Gets β of the loss <c>dpo</c>.</summary>
    /// <value>Above 0. The default is 0.1. The loss <c>nll</c> does not read it.</value>
    [Range(1e-6, 1e6)]
    public double Beta { get; init; } = 0.1;

    /// <summary>Gets which model the loss <c>dpo</c> measures the policy against.</summary>
    /// <value>The default is sampler: each round is a DPO of its own. The loss <c>nll</c> does not read it.</value>
    public RestReference Reference { get; init; } = RestReference.Sampler;

    /// <summary>Gets the weight of the supervised loss on better answers, per token, that is added to the loss <c>dpo</c>.</summary>
    /// <value>From 0 up. The default is 0. The loss <c>nll</c> does not read it.</value>
    [Range(0.0, 1e6)]
    public double SftCoefficient { get; init; }

    /// <summary>Gets from which weights Improve steps start.</summary>
    /// <value>The default is previous.</value>
    public RestStart Start { get; init; } = RestStart.Previous;

    /// <summary>Gets the factor by which the learning rate falls from one Improve step of a round to the next: small subsets overfit fast.</summary>
    /// <value>Above 0, to 1. The default is 0.7; the paper gives no number.</value>
    [Range(0.0, 1.0, MinimumIsExclusive = true)]
    public double LearningRateDecay { get; init; } = 0.7;

    /// <summary>Gets how many of the data's own answers are imitated with each round's samples.</summary>
    /// <value>0 or more. The default is 0. The loss <c>dpo</c> does not read it.</value>
    [Range(0, int.MaxValue)]
    public int OriginalAnswers { get; init; }

    internal override int Samples => SamplesPerPrompt;

    // Most samples are not learnt from, and reading all of them would cost several times their drawing. No ratio begins at 1 here.
    internal override bool ReadsSamplesAgain => false;

    /// <inheritdoc/>
    public override int RowsPerPass => Loss == RestLoss.Dpo ? PromptsPerRound : RowsPerRound + OriginalAnswers;

    /// <inheritdoc/>
    public override int AnswersPerRow => Loss == RestLoss.Dpo ? 2 : 1;

    /// <inheritdoc/>
    /// <remarks>One: few of a prompt's samples are kept, and pairs are rows by themselves.</remarks>
    public override int AnswersTogether => 1;

    /// <inheritdoc/>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (Thresholds is not [>= 0, ..] || Thresholds[^1] > 1 || Thresholds.Zip(Thresholds.Skip(1)).Any(pair => pair.First >= pair.Second))
        {
            yield return new ValidationResult($"thresholds are [{string.Join(", ", Thresholds)}]; thresholds rise, from 0 to 1.", [nameof(Thresholds)]);
        }
    }
}
