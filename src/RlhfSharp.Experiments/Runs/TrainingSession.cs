using RlhfSharp.Experiments.Recipes;
using RlhfSharp.Models.Runtime;
using static TorchSharp.torch;

namespace RlhfSharp.Experiments.Runs;

/// <summary>An experiment from recipe to report: what <c>rlhf train</c> does.</summary>
public sealed class TrainingSession : IDisposable
{
    private readonly ExperimentFolder _folder;
    private readonly TimeProvider _time;
    private readonly TrainingExperiment _experiment;
    private readonly TrainingRecipe _recipe;

    private TrainingSession(ExperimentFolder folder, IReadOnlyList<(string, TrainingRecipe Recipe)> recipes, Device device, IExperimentConsole console, TimeProvider time)
    {
        (_folder, _time) = (folder, time);
        _recipe = recipes[0].Recipe;
        _experiment = new TrainingExperiment(ExperimentPlan.Members(recipes, folder.Path), folder.Path, device, console, time);
    }

    /// <summary>Prepares a new experiment.</summary>
    /// <param name="recipePath">The recipe.</param>
    /// <param name="overrides">Settings on top of it.</param>
    /// <param name="directory">The folder; null means <c>runs/</c> and the recipe's name.</param>
    /// <param name="overwrite">Whether an existing run there may be removed.</param>
    /// <param name="device">Where to compute.</param>
    /// <param name="console">Where to show it.</param>
    /// <param name="time">The clock.</param>
    /// <returns>The session; dispose it to unlock the folder.</returns>
    /// <exception cref="InputException">The recipe has mistakes, or the folder cannot be used.</exception>
    public static TrainingSession Start(
        string recipePath,
        IReadOnlyList<string> overrides,
        string? directory,
        bool overwrite,
        Device device,
        IExperimentConsole console,
        TimeProvider time) =>
        Start(RecipeSource.Read(recipePath), overrides, directory, overwrite, device, console, time);

    /// <summary>Prepares a new experiment from a recipe that need not be a file.</summary>
    /// <param name="source">The recipe.</param>
    /// <param name="overrides">Settings on top of it.</param>
    /// <param name="directory">The folder; null means <c>runs/</c> and the recipe's name.</param>
    /// <param name="overwrite">Whether an existing run there may be removed.</param>
    /// <param name="device">Where to compute.</param>
    /// <param name="console">Where to show it.</param>
    /// <param name="time">The clock.</param>
    /// <returns>The session; dispose it to unlock the folder.</returns>
    /// <exception cref="InputException">The recipe has mistakes, or the folder cannot be used.</exception>
    public static TrainingSession Start(
        RecipeSource source,
        IReadOnlyList<string> overrides,
        string? directory,
        bool overwrite,
        Device device,
        IExperimentConsole console,
        TimeProvider time)
    {
        var recipes = RecipeVariants.Parse<TrainingRecipe>(source.Text, source.Name, overrides);
        var recipe = recipes[0].Recipe;
        RequireNoSweep(source.Name, recipe);   // before a folder is made or replaced
        _ = ExperimentPlan.Rows(recipes);
        directory ??= Path.Combine("runs", recipe.Name);
        if (overwrite && System.IO.Directory.Exists(directory))
        {
            CheckBeforeRemoving(directory, recipes, device);
        }
        var facts = RunFacts.Create(recipe.Name, source, RunFacts.Train, overrides, recipe.Seeds, device, recipe.Threads, time);
        return new TrainingSession(ExperimentFolder.Create(directory, overwrite, RecipeWriter.ToYaml(recipe), facts), recipes, device, console, time);
    }

    /// <summary>Checks a recipe's keys and rows, before anything it requires is trained.</summary>
    /// <param name="source">The recipe.</param>
    /// <param name="overrides">Settings on top of it.</param>
    /// <exception cref="InputException">The recipe has mistakes.</exception>
    public static void Check(RecipeSource source, IReadOnlyList<string> overrides)
    {
        ArgumentNullException.ThrowIfNull(source);
        var recipes = RecipeVariants.Parse<TrainingRecipe>(source.Text, source.Name, overrides);
        RequireNoSweep(source.Name, recipes[0].Recipe);
        _ = ExperimentPlan.Rows(recipes);
    }

    /// <summary>Fails if a recipe is one of <c>rlhf sweep</c>, which trains other things than the recipe itself.</summary>
    /// <param name="name">The recipe's path.</param>
    /// <param name="recipe">The recipe.</param>
    internal static void RequireNoSweep(string name, TrainingRecipe recipe)
    {
        if (recipe.Sweep is not null)
        {
            throw new InputException($"{name} has a section 'sweep'. Run it by: rlhf sweep {name}. For the recipe itself add: --set sweep=null");
        }
    }

    /// <summary>Prepares to go on with an experiment.</summary>
    /// <param name="directory">Its folder.</param>
    /// <param name="device">Where to compute; null means where it computed before.</param>
    /// <param name="console">Where to show it.</param>
    /// <param name="time">The clock.</param>
    /// <returns>The session; dispose it to unlock the folder.</returns>
    /// <exception cref="InputException">There is no run to go on with.</exception>
    public static TrainingSession Resume(string directory, Device? device, IExperimentConsole console, TimeProvider time)
    {
        var folder = ExperimentFolder.Resume(directory);
        try
        {
            var recipes = TrainingRecipe.ReadWithVariants(folder.RecipePath, overrides: []);   // overrides are resolved in it already
            device ??= DeviceSelector.Select((string)folder.Facts["device"]!);
            return new TrainingSession(folder, recipes, device, console, time);
        }
        catch
        {
            folder.Dispose();
            throw;
        }
    }

    /// <summary>Writes the report of a run that is done once more, from what lies in its folder.</summary>
    /// <param name="directory">Its folder.</param>
    /// <param name="showText">Whether samples may be shown.</param>
    /// <returns>The result.</returns>
    /// <exception cref="InputException">There is no run, it is not done, or another process works in it.</exception>
    public static TrainingResult Report(string directory, bool showText)
    {
        using var folder = ExperimentFolder.Resume(directory);
        var recipes = TrainingRecipe.ReadWithVariants(folder.RecipePath, overrides: []);
        if ((string?)folder.Facts["status"] != "done")
        {
            throw new InputException($"The run '{directory}' is not done (status {folder.Facts["status"]}). Finish it by: rlhf train --resume {directory}");
        }
        var members = ExperimentPlan.Members(recipes, directory);
        var summary = ExperimentSummary.Read(members);
        TrainingReport.Write(folder, recipes[0].Recipe, members, summary, DataFacts.Read(directory), showText);
        return new TrainingResult(folder.Path, folder.ReportPath, (double)folder.Facts["seconds"]!, summary);
    }

    /// <summary>Runs one run of an experiment that another process has opened: what <see cref="IMemberProcesses"/> do.</summary>
    /// <param name="directory">The experiment's folder; the other process keeps it locked.</param>
    /// <param name="index">Which of its runs.</param>
    /// <param name="stopAfter">The step after which it pauses; null runs it to its end.</param>
    /// <param name="threads">How many threads to compute with.</param>
    /// <param name="device">Where to compute.</param>
    /// <param name="console">Shows it.</param>
    /// <param name="time">The clock.</param>
    /// <param name="cancellationToken">On cancellation a checkpoint is written first.</param>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    /// <exception cref="InputException">There is no such run, or data, model or disk are not as they should be.</exception>
    public static void RunMember(
        string directory, int index, int? stopAfter, int threads, Device device, IExperimentConsole console, TimeProvider time, CancellationToken cancellationToken)
    {
        set_num_threads(threads);
        var experiment = new TrainingExperiment(ExperimentPlan.Read(directory), directory, device, console, time);
        if (index < 0 || index >= experiment.Members.Count)
        {
            throw new InputException($"The experiment '{directory}' has no run {index}; it has {experiment.Members.Count}.");
        }
        experiment.RunMember(index, stopAfter, console.Begin(experiment.Members[index].Title, index, experiment.Members.Count), cancellationToken);
    }

    /// <summary>Gets the experiment's folder.</summary>
    public string Directory => _folder.Path;

    /// <summary>Runs what is left to do and writes the report.</summary>
    /// <param name="showText">Whether samples may be shown in the report.</param>
    /// <param name="workers">How many of its runs go on at a time, from 1 up; they share the threads. Null means as many as before, or one.</param>
    /// <param name="processes">Where they run if there are several workers.</param>
    /// <param name="cancellationToken">On cancellation a checkpoint is written first.</param>
    /// <returns>The result, also in the folder's report.</returns>
    /// <exception cref="OperationCanceledException">Cancelled; the run can be resumed.</exception>
    /// <exception cref="InputException">Data, model or disk are not as they should be; earlier checkpoints are whole.</exception>
    public TrainingResult Run(bool showText, int? workers, IMemberProcesses processes, CancellationToken cancellationToken)
    {
        var clock = new RunClock(_folder, _time);
        _folder.Facts["workers"] = workers ?? (int?)_folder.Facts["workers"] ?? 1;
        return clock.Track(() =>
        {
            var facts = _experiment.Run((int)_folder.Facts["workers"]!, (int)_folder.Facts["threads"]!, processes, cancellationToken);
            var summary = ExperimentSummary.Read(_experiment.Members);
            DataFacts.Write(_folder.Path, facts);
            clock.End("done");
            TrainingReport.Write(_folder, _recipe, _experiment.Members, summary, facts, showText);
            return new TrainingResult(_folder.Path, _folder.ReportPath, (double)_folder.Facts["seconds"]!, summary);
        });
    }

    /// <inheritdoc/>
    public void Dispose() => _folder.Dispose();

    // A run is not given up for one that cannot even begin.
    private static void CheckBeforeRemoving(string directory, IReadOnlyList<(string, TrainingRecipe Recipe)> recipes, Device device)
    {
        ExperimentFolder.RequireOutside(directory, recipes.Select(row => row.Recipe.Model.Path).OfType<string>());
        DryRun.Check(recipes, device);
    }
}
