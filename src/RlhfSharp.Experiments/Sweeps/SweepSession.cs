using RlhfSharp.Experiments.Recipes;
using RlhfSharp.Experiments.Runs;
using RlhfSharp.Models.Runtime;
using static TorchSharp.torch;

namespace RlhfSharp.Experiments.Sweeps;

/// <summary>A sweep from recipe to report: what <c>rlhf sweep</c> does.</summary>
public sealed class SweepSession : IDisposable
{
    private const string WorkersKey = "workers";
    private const string ThreadsKey = "threadsPerTrial";

    private readonly ExperimentFolder _folder;
    private readonly SweepPlan _plan;
    private readonly Device _device;
    private readonly IExperimentConsole _console;
    private readonly TimeProvider _time;

    private SweepSession(ExperimentFolder folder, SweepPlan plan, Device device, IExperimentConsole console, TimeProvider time) =>
        (_folder, _plan, _device, _console, _time) = (folder, plan, device, console, time);

    /// <summary>Gets the sweep's folder.</summary>
    public string Directory => _folder.Path;

    /// <summary>Prepares a new sweep.</summary>
    /// <param name="source">The recipe.</param>
    /// <param name="overrides">Settings on top of it.</param>
    /// <param name="directory">The folder; null means <c>runs/</c> and the recipe's name.</param>
    /// <param name="overwrite">Whether an existing run there may be removed.</param>
    /// <param name="device">Where to compute.</param>
    /// <param name="console">Where to show it.</param>
    /// <param name="time">The clock.</param>
    /// <returns>The session; dispose it to unlock the folder.</returns>
    /// <exception cref="InputException">The recipe has mistakes, or the folder cannot be used.</exception>
    public static SweepSession Start(
        RecipeSource source, IReadOnlyList<string> overrides, string? directory, bool overwrite, Device device, IExperimentConsole console, TimeProvider time)
    {
        var plan = SweepPlan.Read(source, overrides);
        var recipe = plan.Recipe;
        directory ??= Path.Combine("runs", recipe.Name);
        if (overwrite)
        {
            ExperimentFolder.RequireOutside(directory, plan.Trials.Select(trial => trial.Recipe?.Model.Path).OfType<string>());
        }
        var (_, peak) = SweepWorkers.Check(plan, device);   // before a folder is made or replaced
        var facts = RunFacts.Create(recipe.Name, source, RunFacts.Sweep, overrides, recipe.Seeds, device, recipe.Threads, time);
        var threads = (int)facts["threads"]!;
        var fit = SweepWorkers.Fit(peak, threads, device);
        facts[WorkersKey] = fit;
        facts[ThreadsKey] = Math.Max(1, threads / fit);   // by what fits, not by what is asked for: the number of workers changes no result
        return new SweepSession(ExperimentFolder.Create(directory, overwrite, RecipeWriter.ToYaml(recipe), facts), plan, device, console, time);
    }

    /// <summary>Says what a sweep would do.</summary>
    /// <param name="source">The recipe.</param>
    /// <param name="overrides">Settings on top of it.</param>
    /// <param name="device">Where to compute.</param>
    /// <returns>Lines: the recipe and its memory, the rungs, the trials.</returns>
    /// <exception cref="InputException">Something is wrong.</exception>
    public static IReadOnlyList<string> DryRun(RecipeSource source, IReadOnlyList<string> overrides, Device device)
    {
        var plan = SweepPlan.Read(source, overrides);
        var (lines, peak) = SweepWorkers.Check(plan, device);
        var fit = SweepWorkers.Fit(peak, plan.Recipe.Threads > 0 ? plan.Recipe.Threads : Environment.ProcessorCount, device);
        return
        [
            .. lines,
            $"{plan.Trials.Count} trials of {plan.Recipe.Seeds.Count} seed(s), {fit} at a time:",
            .. plan.Rungs.Select(rung => $"  {rung.Trials} to {(rung.Steps is { } steps ? $"step {steps}" : "the end of training")}"),
            .. plan.Trials.Select(trial => $"  {trial.Name}: {trial.SettingsText}{(trial.Problem is { } problem ? $" — will fail: {problem}" : string.Empty)}"),
        ];
    }

    /// <summary>Prepares to go on with a sweep.</summary>
    /// <param name="directory">Its folder.</param>
    /// <param name="trials">How many trials there shall be, at least as many as before; null for as many as before. Random trials only.</param>
    /// <param name="console">Where to show it.</param>
    /// <param name="time">The clock.</param>
    /// <returns>The session; dispose it to unlock the folder.</returns>
    /// <exception cref="InputException">There is no sweep to go on with, or it cannot have that many trials.</exception>
    public static SweepSession Resume(string directory, int? trials, IExperimentConsole console, TimeProvider time)
    {
        var folder = ExperimentFolder.Resume(directory);
        try
        {
            var recipe = TrainingRecipe.ReadWithVariants(folder.RecipePath, overrides: [])[0].Recipe;
            if (recipe.Sweep is not { } sweep)
            {
                throw new InputException($"'{directory}' is no sweep. Go on with it by: rlhf {folder.Facts["kind"]} --resume {directory}");
            }
            if (trials is { } wanted && wanted != sweep.Trials)
            {
                recipe = recipe with { Sweep = WithTrials(sweep, wanted) };
                AtomicFile.WriteAllText(folder.RecipePath, RecipeWriter.ToYaml(recipe));
                folder.Facts["command"] = $"{folder.Facts["command"]} --trials {wanted}";
                folder.WriteFacts();
            }
            return new SweepSession(folder, SweepPlan.Of(recipe), DeviceSelector.Select((string)folder.Facts["device"]!), console, time);
        }
        catch
        {
            folder.Dispose();
            throw;
        }
    }

    /// <summary>Writes the report of a sweep that is done once more, from what lies in its folder.</summary>
    /// <param name="directory">Its folder.</param>
    /// <param name="console">Where to show it.</param>
    /// <param name="time">The clock.</param>
    /// <returns>The result.</returns>
    /// <exception cref="InputException">There is no sweep, or it is not done.</exception>
    public static SweepResult Report(string directory, IExperimentConsole console, TimeProvider time)
    {
        using var session = Resume(directory, trials: null, console, time);
        return (string?)session._folder.Facts["status"] == "done" ? session.Finish(SweepResults.Read(session._plan, directory))
            : throw new InputException($"The sweep '{directory}' is not done (status {session._folder.Facts["status"]}). Finish it by: rlhf sweep --resume {directory}");
    }

    /// <summary>Trains what is left to do and writes the report.</summary>
    /// <param name="workers">How many training runs go on at a time, from 1 up; results do not depend on it. Null means as many as before, or as fit.</param>
    /// <param name="processes">Where they run if there are several workers.</param>
    /// <param name="cancellationToken">On cancellation a checkpoint is written first.</param>
    /// <returns>The result, also in the folder's report.</returns>
    /// <exception cref="OperationCanceledException">Cancelled; the sweep can be resumed.</exception>
    /// <exception cref="InputException">All trials failed, or data, model or disk are not as they should be.</exception>
    public SweepResult Run(int? workers, IMemberProcesses processes, CancellationToken cancellationToken)
    {
        var clock = new RunClock(_folder, _time);
        _folder.Facts[WorkersKey] = workers ?? (int)_folder.Facts[WorkersKey]!;
        return clock.Track(() =>
        {
            var results = new SweepExperiment(_plan, _folder.Path, _device, _console, _time)
                .Run((int)_folder.Facts[WorkersKey]!, (int)_folder.Facts[ThreadsKey]!, processes, cancellationToken);
            SweepResults.Write(_plan, results, _folder.Path);
            if (SweepResults.Best(_plan, results) is null)
            {
                throw new InputException(
                    $"All {results.Count} trials failed; {Path.Combine(_folder.Path, "trials.jsonl")} says why. The first: {results.First(result => result.Problem is not null).Problem}");
            }
            clock.End("done");
            return Finish(results);
        });
    }

    /// <inheritdoc/>
    public void Dispose() => _folder.Dispose();

    private SweepResult Finish(IReadOnlyList<TrialResult> results)
    {
        var ranked = TrialResult.Ranked(results, _plan.Sweep.Goal);
        SweepReport.Write(_folder, _plan, ranked);
        return new SweepResult(_folder.Path, _folder.ReportPath, (double)_folder.Facts["seconds"]!, _plan.Sweep, ranked, SweepResults.Best(_plan, results)!);
    }

    private static SweepOptions WithTrials(SweepOptions sweep, int trials) =>
        sweep.Method != SweepMethod.Random
            ? throw new InputException("Trials can be added to a random sweep only: a grid has all there are, and halving has chosen among those that there were.")
        : trials < sweep.Trials ? throw new InputException($"The sweep has {sweep.Trials} trials already; --trials {trials} would be fewer.")
        : sweep with { Trials = trials };
}
