namespace RlhfSharp.Training.Loop;

/// <summary>The learning rate of each step.</summary>
/// <param name="options">Settings, already validated.</param>
/// <param name="totalSteps">The number of steps of the run.</param>
public sealed class LearningRates(OptimizerOptions options, int totalSteps)
{
    /// <summary>Computes the rate of a step.</summary>
    /// <param name="step">From 1 to the number of steps.</param>
    /// <param name="usedShare">How much of the run is over by another measure than steps, from 0 to 1; the schedule goes by whichever is further.</param>
    /// <returns>During warm-up step / (warm-up + 1) of the highest rate, so that no step is wasted at 0; then as the schedule says.</returns>
    public double At(int step, double usedShare = 0)
    {
        if (step <= options.WarmupSteps)
        {
            return options.LearningRate * step / (options.WarmupSteps + 1);
        }
        var bySteps = (step - options.WarmupSteps - 1) / (double)Math.Max(1, totalSteps - options.WarmupSteps);   // 0 at the first full step
        var progress = Math.Clamp(usedShare, bySteps, Math.Max(bySteps, 1));
        var falling = options.Schedule switch
        {
            LearningRateSchedule.Linear => 1 - progress,
            LearningRateSchedule.Cosine => 0.5 * (1 + Math.Cos(Math.PI * progress)),
            LearningRateSchedule.WarmupStableDecay => Math.Min(1, (1 - progress) / options.DecayShare),
            _ => 1,
        };
        return options.LearningRate * (options.Schedule == LearningRateSchedule.Constant ? 1 : options.FinalRate + (1 - options.FinalRate) * falling);
    }
}
