using RlhfSharp.Experiments.Recipes;
using RlhfSharp.Experiments.Runs;
using RlhfSharp.Models.Runtime;
using RlhfSharp.Models.Tokenization;
using RlhfSharp.Training.Runs;
using static TorchSharp.torch;

namespace RlhfSharp.Experiments.IteratedRlhf;

/// <summary>An iterated experiment from recipe to report: what <c>rlhf iterate</c> does.</summary>
public sealed class IterationSession : IDisposable
{
    private readonly ExperimentFolder _folder;
    private readonly IReadOnlyList<(string Variant, IterationRecipe Recipe)> _rows;
    private readonly Device _device;
    private readonly IExperimentConsole _console;
    private readonly TimeProvider _time;

    private IterationSession(ExperimentFolder folder, IReadOnlyList<(string Variant, IterationRecipe Recipe)> recipes, Device device, IExperimentConsole console, TimeProvider time)
    {
        (_folder, _device, _console, _time) = (folder, device, console, time);
        _rows = Rows(recipes);
        var threads = (int)folder.Facts["threads"]!;
        set_num_threads(threads);
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
        _ = Rows(recipes);
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
        var rows = Rows(RecipeVariants.Parse<IterationRecipe>(source.Text, source.Name, overrides));
        var first = RequiredRuns.Missing(source.Name, rows[0].Recipe.Requires);
        if (first.Count == 0)
        {
            IterationChecks.CheckModels(rows);
        }
        return
        [
            .. first.Select(required => $"{required.Recipe.Name} comes first: its run is read, and is not there yet"),
            .. rows.SelectMany(row => IterationDryRun.Describe(Name(row), row.Recipe, knowsGold: first.Count == 0, device)),
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
        var rows = Rows(recipes);
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
        return (string?)session._folder.Facts["status"] == "done" ? session.Run(CancellationToken.None)
            : throw new InputException($"The run '{directory}' is not done (status {session._folder.Facts["status"]}). Finish it by: rlhf iterate --resume {directory}");
    }

    /// <summary>Computes what is left to do and writes the report.</summary>
    /// <param name="cancellationToken">On cancellation what was done is committed.</param>
    /// <returns>The result, also in the folder's report.</returns>
    /// <exception cref="OperationCanceledException">Cancelled; the run can be resumed.</exception>
    /// <exception cref="InputException">Data, a model or the disk are not as they should be; what was done is whole.</exception>
    public TrainingResult Run(CancellationToken cancellationToken)
    {
        var clock = new RunClock(_folder, _time);
        return clock.Track(() =>
        {
            var folders = new StageFolders(_folder.Path);
            var recipe = _rows[0].Recipe;
            var plans = (from seed in recipe.Seeds from row in _rows select (Row: Name(row), row.Recipe, Seed: seed, Plan: IterationPlan.Of(row.Recipe, seed))).ToList();
            Compute(plans, folders, cancellationToken);
            var (summary, tracks) = Fold(plans, folders);
            clock.End("done");
            IterationReport.Write(_folder, recipe, summary, tracks);
            return new TrainingResult(_folder.Path, _folder.ReportPath, (double)_folder.Facts["seconds"]!, summary);
        });
    }

    /// <inheritdoc/>
    public void Dispose() => _folder.Dispose();

    private static IReadOnlyList<(string Variant, IterationRecipe Recipe)> Rows(IReadOnlyList<(string Variant, IterationRecipe Recipe)> recipes)
    {
        var rows = ExperimentPlan.Rows(recipes, recipes[0].Recipe.Row, recipes[0].Recipe.Rows);
        IterationChecks.CheckSettings(rows);
        return rows;
    }

    // What all stages wrote becomes a row's numbers.
    private static (ExperimentSummary Summary, IReadOnlyList<IterationTrack> Tracks) Fold(
        List<(string Row, IterationRecipe Recipe, long Seed, IterationPlan Plan)> plans, StageFolders folders)
    {
        var tracks = plans.ConvertAll(plan => new IterationTrack(plan.Row, plan.Seed, LawFit.LawOf(plan.Recipe.Objective), IterationCurve.Read(plan.Plan, plan.Recipe, folders)));
        var results = new List<(string, long, EvaluationResult)>();
        foreach (var (plan, track) in plans.Zip(tracks))
        {
            var result = IterationCurve.Result(track.Points, track.Law);
            result = result with { Metrics = new OrderedDictionary<string, double>(result.Metrics) { [IterationCost.SamplesMetric] = IterationCost.Samples(plan.Plan, folders) } };
            SafeDirectory.Create(folders.Row(plan.Row, plan.Seed));
            RunResults.Write(folders.Row(plan.Row, plan.Seed), result, IterationCost.Of(plan.Plan, plan.Recipe, folders));
            results.Add((plan.Row, plan.Seed, RunResults.Read(folders.Row(plan.Row, plan.Seed))));
        }
        return (ExperimentSummary.Of(results), tracks);
    }

    private void Compute(
        List<(string Row, IterationRecipe Recipe, long Seed, IterationPlan Plan)> plans, StageFolders folders, CancellationToken cancellationToken)
    {
        // What rows have in common is listed once, where the first of them needs it.
        var stages = plans.SelectMany(plan => plan.Plan.Stages.Select(stage => (Plan: plan, Stage: stage))).DistinctBy(item => item.Stage.Key).ToList();
        var prompts = new Dictionary<(DataOptions, string?, int, IterationEvaluationOptions, int), PromptSet>();
        foreach (var (index, (plan, stage)) in stages.Index().Where(item => !folders.IsDone(item.Item.Stage)))
        {
            var observer = _console.Begin($"{plan.Row}, seed {plan.Seed}: {Title(stage, plan.Plan)}", index, stages.Count);
            var key = PromptSet.Key(plan.Recipe);
            if (!prompts.TryGetValue(key, out var known))
            {
                prompts[key] = known = PromptSet.Read(plan.Recipe, TokenizerLoader.Load(IteratedRun.StartPath(plan.Recipe)));
            }
            new IteratedRun(plan.Recipe, plan.Plan, known, folders, plan.Seed, _device, _time).Run(stage, observer, cancellationToken);
            _console.End(index);
            Tidy(plans, folders);
        }
        Tidy(plans, folders);   // what a process that was killed did not come to
    }

    // Rows may keep different things of a stage that they share: the one that keeps more decides.
    private void Tidy(List<(string Row, IterationRecipe Recipe, long Seed, IterationPlan Plan)> plans, StageFolders folders)
    {
        var keep = _rows.Min(row => row.Recipe.Keep);
        if (keep == StageRetention.Everything)
        {
            return;
        }
        foreach (var stage in StageUse.Finished([.. plans.SelectMany(plan => plan.Plan.Stages)], folders.IsDone))
        {
            folders.Tidy(stage, keepsWeights: keep == StageRetention.Policies && stage is PolicyStage);
        }
    }

    private static string Name((string Variant, IterationRecipe Recipe) row) => row.Variant.Length > 0 ? row.Variant : row.Recipe.Row;

    private static string Title(Stage stage, IterationPlan plan) => stage switch
    {
        LabelStage { Batch: < 0 } => "the start answers the held-out prompts",
        LabelStage labels => $"batch {labels.Batch + 1} of {plan.Labels.Sum(batches => batches.Count)} is labelled",
        ProxyStage { Member: var member } proxy => $"proxy {member + 1} of iteration {Iteration(proxy, plan)}",
        PolicyStage policy => $"policy of iteration {policy.Iteration} of {plan.Policies.Count}",
        _ => stage.Key,
    };

    private static int Iteration(ProxyStage proxy, IterationPlan plan) => plan.Policies.First(policy => policy.Proxies.Any(members => members.Contains(proxy))).Iteration;
}
