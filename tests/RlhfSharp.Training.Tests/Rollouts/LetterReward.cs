using RlhfSharp.Models.Generation;
using RlhfSharp.Training.Rollouts;

namespace RlhfSharp.Training.Tests.Rollouts;

/// <summary>Scores what follows a letter.</summary>
internal sealed class LetterReward(Func<string, double> score) : IRolloutReward
{
    public int Missing { get; init; }

    public IReadOnlyList<double> Score(IReadOnlyList<(RolloutPrompt Prompt, GeneratedSample Sample)> samples, CancellationToken cancellationToken) =>
        [.. samples.SkipLast(Missing).Select(sample => score(sample.Sample.Text))];

    public void Dispose()
    {
    }
}
