using RlhfSharp.Experiments.Runs;
using RlhfSharp.Models.Runtime;
using static TorchSharp.torch;

namespace RlhfSharp.Experiments.Sweeps;

/// <summary>Finds out how many trials fit side by side.</summary>
internal static class SweepWorkers
{
    // The estimate is a lower bound, 0.8 to 0.9 of the peak at best, and leaves out the process, the data, reward models and evaluations.
    private const double Reserve = 1.5;
    private const long ProcessBytes = 400_000_000;
    private const int RecipesLookedAt = 8;
    private const int Most = 64;

    private static readonly string[] Sizes = ["model", "data", "loop"];

    /// <summary>Checks the recipe of a sweep and estimates what its trials take.</summary>
    /// <param name="plan">The sweep.</param>
    /// <param name="device">Where they would compute.</param>
    /// <returns>What the recipe would do, line by line, and the memory of the largest trial in bytes. Of trials that differ in model, data or loop the first eight are looked at.</returns>
    /// <exception cref="InputException">Something is wrong with the recipe itself.</exception>
    public static (IReadOnlyList<string> Lines, long Peak) Check(SweepPlan plan, Device device)
    {
        var (lines, memory) = DryRun.Check(string.Empty, plan.Recipe with { Sweep = null }, device);
        var others = plan.Trials
            .Where(trial => trial.Recipe is not null)
            .Select(trial => (trial.Recipe, Sizes: string.Join(' ', trial.Settings.Where(setting => Sizes.Contains(setting.Key.Split('.')[0])))))
            .Where(trial => trial.Sizes.Length > 0)
            .DistinctBy(trial => trial.Sizes)
            .Take(RecipesLookedAt);
        return (lines, others.Select(trial => Peak(trial.Recipe!)).Append(memory?.Peak ?? 0).Max());

        // A trial that cannot be made is recorded as failed when its turn comes.
        long Peak(Recipes.TrainingRecipe recipe)
        {
            try
            {
                return DryRun.Check(string.Empty, recipe, device).Memory?.Peak ?? 0;
            }
            catch (InputException)
            {
                return 0;
            }
        }
    }

    /// <summary>Computes how many fit.</summary>
    /// <param name="peak">The memory of a trial in bytes, as estimated.</param>
    /// <param name="threads">How many threads there are in all.</param>
    /// <param name="device">Where they compute; on a GPU one at a time.</param>
    public static int Fit(long peak, int threads, Device device) => Fit(peak, threads, device.type == TorchSharp.DeviceType.CPU, GC.GetGCMemoryInfo().TotalAvailableMemoryBytes);

    internal static int Fit(long peak, int threads, bool isCpu, long memory) =>
        isCpu ? (int)Math.Clamp(memory / (peak * Reserve + ProcessBytes), 1, Math.Min(threads, Most)) : 1;
}
