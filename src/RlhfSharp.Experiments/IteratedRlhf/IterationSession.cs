using RlhfSharp.Experiments.Recipes;
using RlhfSharp.Experiments.Runs;
using RlhfSharp.Models.Checkpoints;
using RlhfSharp.Models.Runtime;
using RlhfSharp.Models.Tokenization;
using RlhfSharp.Training.Runs;
using static TorchSharp.torch;

namespace RlhfSharp.Experiments.IteratedRlhf;

/// <summary>An iterated experiment from recipe to report: what <c>rlhf iterate</c> does.</summary>
public sealed class IterationSession : IDisposable
{
    /// <summary>The largest number of parameters of a policy that gains little from a second thread, so that stages beside one another make more of it.</summary>
    public const long SmallModel = 5_000_000;

    private readonly ExperimentFolder _folder;
    private readonly IterationRecipe _recipe;
    private readonly IterationExperiment _experiment;
    private readonly IExperimentConsole _console;
    private readonly TimeProvider _time;

    private IterationSession(ExperimentFolder folder, IReadOnlyList<(string Variant, IterationRecipe Recipe)> recipes, Device device, IExperimentConsole console, TimeProvider time)
    {
        (_folder, _recipe, _console, _time) = (folder, recipes[0].Recipe, console, time);
        _experiment = new IterationExperiment(IterationRows.Of(recipes), folder.Path, device, time);
    }

    /// <summary>Gets the experiment's folder.</summary>
    public string Directory => _folder.Path;

    /// <summary>Checks a recipe's keys, rows and settings, before anything it requires is trained.</summary>
    /// <param name="source">The recipe.</param>
    /// <param name="overrides">Settings on top of it.</param>
    /// <returns>The recipe itself.</returns>
    /// <exception cref="InputException">The recipe has mistakes.</exception>
    public static IterationRecipe Check(RecipeSource source, IReadOnlyList<string> overrides)
    {
        ArgumentNullException.ThrowIfNull(source);
        var recipes = RecipeVariants.Parse<IterationRecipe>(source.Text, source.Name, overrides);
        _ = IterationRows.Of(recipes);
        return recipes[0].Recipe;
    }

    /// <summary>Checks everything about an experiment that can be checked without computing: keys, rows, files, prompts, memory.</summary>
    /// <param name="source">The recipe.</param>
    /// <param name="overrides">Settings on top of it.</param>
    /// <param name="device">Where it would compute.</param>
    /// <returns>What would be done, line by line, and the memory that it takes.</returns>
    /// <exception cref="InputException">Something is wrong.</exception>
    public static IReadOnlyList<string> DryRun(RecipeSource source, IReadOnlyList<string> overrides, Device device)
    {
        ArgumentNullException.ThrowIfNull(source);
        var rows = IterationRows.Of(RecipeVariants.Parse<IterationRecipe>(source.Text, source.Name, overrides));
        var first = RequiredRuns.Missing(source.Name, rows[0].Recipe.Requires);
        if (first.Count == 0)
        {
            IterationChecks.CheckModels(rows);
        }
        return
        [
            .. first.Select(required => $"{required.Recipe.Name} comes first: its run is read, and is not there yet"),
            .. rows.SelectMany(row => IterationDryRun.Describe(row.Variant, row.Recipe, knowsGold: first.Count == 0, device)),
        ];
    }

    /// <summary>Prepares a new experiment.</summary>
    /// <param name="source">The recipe.</param>
    /// <param name="overrides">Settings on top of it.</param>
    /// <param name="directory">The folder; null means <c>runs/</c> and the recipe's name.</param>
    /// <param name="overwrite">Whether an existing run there may be removed.</param>
    /// <param name="device">Where to compute.</param>
    /// <param name="console">Where to show it.</param>
    /// <param name="time">The clock.</param>
    /// <returns>The session; dispose it to unlock the folder.</returns>
    /// <exception cref="InputException">The recipe has mistakes, or the folder cannot be used.</exception>
    public static IterationSession Start(
        RecipeSource source, IReadOnlyList<string> overrides, string? directory, bool overwrite, Device device, IExperimentConsole console, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(source);
        var recipes = RecipeVariants.Parse<IterationRecipe>(source.Text, source.Name, overrides);
        var recipe = recipes[0].Recipe;
        directory ??= Path.Combine("runs", recipe.Name);
        // All before a folder is made or replaced.
        var rows = IterationRows.Of(recipes);
        ExperimentFolder.RequireOutside(directory, IterationChecks.Models(rows));
        IterationChecks.CheckModels(rows);
        foreach (var row in rows.Select(row => row.Recipe).DistinctBy(PromptSet.Key))
        {
            _ = PromptSet.Read(row, TokenizerLoader.Load(IteratedRun.StartPath(row)));
        }
        var facts = RunFacts.Create(recipe.Name, source, RunFacts.Iterate, overrides, recipe.Seeds, device, recipe.Threads, time);
        return new IterationSession(
            ExperimentFolder.Create(directory, overwrite, RecipeWriter.ToYaml(recipe), facts), recipes, device, console, time);
    }

    /// <summary>Prepares to go on with an experiment.</summary>
    /// <param name="directory">Its folder.</param>
    /// <param name="console">Where to show it.</param>
    /// <param name="time">The clock.</param>
    /// <returns>The session; dispose it to unlock the folder.</returns>
    /// <exception cref="InputException">There is no run to go on with.</exception>
    public static IterationSession Resume(string directory, IExperimentConsole console, TimeProvider time)
    {
        var folder = ExperimentFolder.Resume(directory);
        try
        {
            var recipes = RecipeVariants.Read<IterationRecipe>(folder.RecipePath, overrides: []);
            return new IterationSession(folder, recipes, DeviceSelector.Select((string)folder.Facts["device"]!), console, time);
        }
        catch
        {
            folder.Dispose();
            throw;
        }
    }

    /// <summary>Writes the report of a run that is done once more, from what lies in its folder.</summary>
    /// <param name="directory">Its folder.</param>
    /// <param name="console">Where to show it.</param>
    /// <param name="time">The clock.</param>
    /// <returns>The result.</returns>
    /// <exception cref="InputException">There is no run, or it is not done.</exception>
    public static TrainingResult Report(string directory, IExperimentConsole console, TimeProvider time)
    {
        using var session = Resume(directory, console, time);
        if ((string?)session._folder.Facts["status"] != "done")
        {
            throw new InputException($"The run '{directory}' is not done (status {session._folder.Facts["status"]}). Finish it by: rlhf iterate --resume {directory}");
        }
        var clock = new RunClock(session._folder, time);
        return clock.Track(() => session.Summarize(clock));
    }

    /// <summary>Computes what is left to do and writes the report.</summary>
    /// <param name="workers">How many stages are computed at a time, from 1 up; they share the threads. Null means as many as before, or, in a new experiment, one for each thread where
    /// models are small (<see cref="SmallModel"/>) and gold is a checkpoint, else one.</param>
    /// <param name="processes">Where stages are computed if there are several workers.</param>
    /// <param name="cancellationToken">On cancellation what was done is committed.</param>
    /// <returns>The result, also in the folder's report.</returns>
    /// <exception cref="OperationCanceledException">Cancelled; the run can be resumed.</exception>
    /// <exception cref="InputException">Data, a model or the disk are not as they should be, or a server would be asked by several workers; what was done is whole.</exception>
    public TrainingResult Run(int? workers, IMemberProcesses processes, CancellationToken cancellationToken)
    {
        if (workers > 1 && AsksAServer)
        {
            throw new InputException("--workers: gold is behind a server, whose scores one process keeps. Leave --workers out.");
        }
        var clock = new RunClock(_folder, _time);
        var threads = (int)_folder.Facts["threads"]!;
        _folder.Facts["workers"] = workers ?? (int?)_folder.Facts["workers"] ?? DefaultWorkers(threads);
        return clock.Track(() =>
        {
            _experiment.Run((int)_folder.Facts["workers"]!, threads, processes, _console, cancellationToken);
            return Summarize(clock);
        });
    }

    /// <inheritdoc/>
    public void Dispose() => _folder.Dispose();

    private bool AsksAServer => _experiment.Tasks.Any(task => task.Recipe.Gold.Endpoint is not null);

    private int DefaultWorkers(int threads) =>
        !AsksAServer && _experiment.Tasks.All(task => Checkpoint.ReadConfig(IteratedRun.StartPath(task.Recipe)).Parameters().Sum(parameter => parameter.Count) <= SmallModel) ? threads : 1;

    private TrainingResult Summarize(RunClock clock)
    {
        var (summary, tracks) = Fold(_experiment.Tasks, _experiment.Folders);
        clock.End("done");
        IterationReport.Write(_folder, _recipe, summary, tracks);
        return new TrainingResult(_folder.Path, _folder.ReportPath, (double)_folder.Facts["seconds"]!, summary);
    }

    // What all stages wrote becomes a row's numbers.
    private static (ExperimentSummary Summary, IReadOnlyList<IterationTrack> Tracks) Fold(IReadOnlyList<IterationTask> tasks, StageFolders folders)
    {
        List<IterationTrack> tracks = [.. tasks.Select(task => new IterationTrack(task.Row, task.Seed, LawFit.LawOf(task.Recipe.Objective), IterationCurve.Read(task.Plan, task.Recipe, folders)))];
        var results = new List<(string, long, EvaluationResult)>();
        foreach (var (task, track) in tasks.Zip(tracks))
        {
            var result = IterationCurve.Result(track.Points, track.Law);
            result = result with { Metrics = new OrderedDictionary<string, double>(result.Metrics) { [IterationCost.SamplesMetric] = IterationCost.Samples(task.Plan, folders) } };
            SafeDirectory.Create(folders.Row(task.Row, task.Seed));
            RunResults.Write(folders.Row(task.Row, task.Seed), result, IterationCost.Of(task.Plan, task.Recipe, folders));
            results.Add((task.Row, task.Seed, RunResults.Read(folders.Row(task.Row, task.Seed))));
        }
        return (ExperimentSummary.Of(results), tracks);
    }
}
