using RlhfSharp.Experiments.Recipes;
using RlhfSharp.Experiments.Runs;
using RlhfSharp.Models.Runtime;
using RlhfSharp.Training.Metrics;
using static TorchSharp.torch;

namespace RlhfSharp.Experiments.RewardMaps;

/// <summary>A map from recipe to files: what <c>rlhf map</c> does.</summary>
public sealed class MapSession : IDisposable
{
    private readonly ExperimentFolder _folder;
    private readonly MapRecipe _recipe;
    private readonly TimeProvider _time;
    private readonly Func<string, long, MapParts> _open;

    private MapSession(ExperimentFolder folder, MapRecipe recipe, TimeProvider time, Func<string, long, MapParts> open)
    {
        (_folder, _recipe, _time, _open) = (folder, recipe, time, open);
        set_num_threads((int)folder.Facts["threads"]!);
    }

    /// <summary>Gets the run's folder.</summary>
    public string Directory => _folder.Path;

    /// <summary>Prepares a new map.</summary>
    /// <param name="recipePath">The recipe.</param>
    /// <param name="overrides">Settings on top of it.</param>
    /// <param name="directory">The folder; null means <c>runs/</c> and the recipe's name.</param>
    /// <param name="overwrite">Whether an existing run there may be removed.</param>
    /// <param name="device">Where to compute.</param>
    /// <param name="time">The clock.</param>
    /// <returns>The session; dispose it to unlock the folder.</returns>
    /// <exception cref="InputException">The recipe has mistakes, or the folder cannot be used.</exception>
    public static MapSession Start(string recipePath, IReadOnlyList<string> overrides, string? directory, bool overwrite, Device device, TimeProvider time) =>
        Start(RecipeSource.Read(recipePath), overrides, directory, overwrite, device, time);

    /// <summary>Prepares a new map of a recipe that need not be a file.</summary>
    /// <param name="source">The recipe.</param>
    /// <param name="overrides">Settings on top of it.</param>
    /// <param name="directory">The folder; null means <c>runs/</c> and the recipe's name.</param>
    /// <param name="overwrite">Whether an existing run there may be removed.</param>
    /// <param name="device">Where to compute.</param>
    /// <param name="time">The clock.</param>
    /// <returns>The session; dispose it to unlock the folder.</returns>
    /// <exception cref="InputException">The recipe has mistakes, or the folder cannot be used.</exception>
    public static MapSession Start(RecipeSource source, IReadOnlyList<string> overrides, string? directory, bool overwrite, Device device, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(source);
        var read = RecipeReader.Parse<MapRecipe>(source.Text, source.Name, overrides);
        var recipe = read.Generator.Settle(read);
        directory ??= Path.Combine("runs", recipe.Name);
        MapParts.Check(recipe);   // before a folder is made, or an older run and its paid answers are removed
        ExperimentFolder.RequireOutside(directory, recipe.TextRewards.Select(reward => reward.ModelPath).OfType<string>().Concat(recipe.Generator.Inputs));
        return Start(recipe, source, overrides, directory, overwrite, device, time, (folder, seed) => MapParts.Open(recipe, folder, seed, device, time));
    }

    /// <summary>Prepares to go on with a map.</summary>
    /// <param name="directory">Its folder.</param>
    /// <param name="time">The clock.</param>
    /// <returns>The session; dispose it to unlock the folder.</returns>
    /// <exception cref="InputException">There is no map to go on with.</exception>
    public static MapSession Resume(string directory, TimeProvider time) => Resume(directory, time, open: null);

    internal static MapSession Start(
        MapRecipe recipe,
        RecipeSource source,
        IReadOnlyList<string> overrides,
        string? directory,
        bool overwrite,
        Device device,
        TimeProvider time,
        Func<string, long, MapParts> open)
    {
        var facts = RunFacts.Create(recipe.Name, source, RunFacts.Map, overrides, recipe.Seeds, device, recipe.Threads, time);
        var folder = ExperimentFolder.Create(directory ?? Path.Combine("runs", recipe.Name), overwrite, RecipeWriter.ToYaml(recipe), facts);
        return new MapSession(folder, recipe, time, open);
    }

    internal static MapSession Resume(string directory, TimeProvider time, Func<string, long, MapParts>? open)
    {
        var folder = ExperimentFolder.Resume(directory);
        try
        {
            var recipe = RecipeReader.Read<MapRecipe>(folder.RecipePath, []);   // overrides are resolved in it already
            return new MapSession(folder, recipe, time, open ?? ((path, seed) => MapParts.Open(recipe, path, seed, DeviceSelector.Select((string)folder.Facts["device"]!), time)));
        }
        catch
        {
            folder.Dispose();
            throw;
        }
    }

    /// <summary>Runs what is left to do and writes all files.</summary>
    /// <param name="progress">Is told which share is done; may be null.</param>
    /// <param name="cancellationToken">Stops between steps; what was committed stays.</param>
    /// <returns>The result.</returns>
    /// <exception cref="OperationCanceledException">Cancelled; the map can be resumed.</exception>
    /// <exception cref="InputException">A model, the log or the disk is not as it should be; committed steps are safe.</exception>
    public async Task<MapResult> RunAsync(IProgress<double>? progress, CancellationToken cancellationToken)
    {
        var clock = new RunClock(_folder, _time);
        return await clock.TrackAsync(async () =>
        {
            var summaries = new List<MapSummary>();
            foreach (var (index, seed) in _recipe.Seeds.Index())
            {
                var share = progress is null ? null : new PartOfProgress(progress, index, _recipe.Seeds.Count);
                summaries.Add(await RunAsync(seed, share, cancellationToken).ConfigureAwait(false));
            }
            clock.End("done");
            var (asTheyAre, lengthEqual) = (MapEffects.Of(summaries, isLengthEqual: false), MapEffects.Of(summaries, isLengthEqual: true));
            if (summaries.Count > 1)
            {
                MapFiles.WriteEffects(_folder.Path, summaries, asTheyAre, lengthEqual);
            }
            var result = Result(summaries, asTheyAre, lengthEqual);
            MapReport.Write(_folder.ReportPath, _folder.Path, summaries, result, asTheyAre, lengthEqual);
            return result;
        }).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public void Dispose() => _folder.Dispose();

    private async Task<MapSummary> RunAsync(long seed, IProgress<double>? progress, CancellationToken cancellationToken)
    {
        var folder = FolderOf(seed);
        SafeDirectory.Create(folder);
        var searches = 1 + _recipe.Baselines.Count;
        IProgress<double>? Part(int search) => progress is null ? null : new PartOfProgress(progress, search, searches);
        MapSummary summary;
        using (var parts = _open(folder, seed))
        {
            var state = await new MapRun(_recipe, seed, folder, parts).RunAsync(Part(0), cancellationToken).ConfigureAwait(false);
            var drops = _recipe.CheckEdits ? await HarmlessEdits.DropsAsync(_recipe, state, parts.Rewards, folder, cancellationToken).ConfigureAwait(false) : null;
            summary = new MapSummary(_recipe, state, seed, drops);
        }
        foreach (var (index, baseline) in _recipe.Baselines.Index())
        {
            await MapBaselines.RunAsync(summary, baseline, folder, _open, Part(index + 1), cancellationToken).ConfigureAwait(false);
        }
        MapFiles.Write(folder, summary);
        return summary;
    }

    private string FolderOf(long seed) => FolderOf(_recipe, _folder.Path, seed);

    /// <summary>Names the folder of a seed.</summary>
    internal static string FolderOf(MapRecipe recipe, string directory, long seed) => recipe.Seeds.Count == 1 ? directory : Path.Combine(directory, $"seed-{seed}");

    private bool HasManyTastes => _recipe.Planted is DrawnTasteOptions && _recipe.Seeds.Count > 1;

    private MapResult Result(List<MapSummary> summaries, MapEffects asTheyAre, MapEffects lengthEqual)
    {
        var (metrics, intervals) = (new OrderedDictionary<string, double>(), new OrderedDictionary<string, Interval>());
        foreach (var name in summaries.SelectMany(summary => summary.Metrics.Keys).Distinct())
        {
            var seeds = summaries.Where(summary => summary.Metrics.ContainsKey(name)).ToList();
            double[] values = [.. seeds.Select(summary => summary.Metrics[name])];
            metrics[name] = values.Average();
            if (seeds.Count > 1)
            {
                intervals[name] = Statistics.StudentT(values);
            }
            else if (seeds[0].Intervals.TryGetValue(name, out var interval))
            {
                intervals[name] = interval;
            }
            seeds.ForEach(summary => metrics[$"{name}#{summary.Seed}"] = summary.Metrics[name]);
        }
        var picture = Path.Combine(FolderOf(_recipe.Seeds[0]), MapFigures.PictureName);
        string[] notes =
        [
            .. summaries[0].IsCoverageTrivial
                ? ["Coverage says nothing here: cells are filled by what was asked for, and every cell is asked for. Add judges to see what was written."]
                : Array.Empty<string>(),
            .. HasManyTastes ? ["Every seed has a taste of its own: what labels are worth on average over the seeds says nothing. 'recovered' and 'false' do."] : Array.Empty<string>(),
            .. CutNotes(summaries),
        ];
        string[] conclusions =
        [
            .. HasManyTastes || _recipe.Contrast is not null ? [] : asTheyAre.Conclusions().Concat(lengthEqual.Conclusions().Select(claim => $"{claim} (texts of equal length)")),
            .. RewardContrast.All(summaries).Select(contrast => contrast.Conclusion()),
            .. _recipe.Contrast is null ? [] : FurthestApart(summaries),
            .. summaries[0].Planted is null ? Array.Empty<string>() : [PlantedCheck.Conclusion([.. summaries.Select(summary => summary.Planted).OfType<PlantedCheck>()])],
        ];
        return new MapResult(_folder.Path, _folder.ReportPath, File.Exists(picture) ? picture : null, (double)_folder.Facts["seconds"]!, notes, conclusions, metrics, intervals)
        {
            Maps = [.. MapFigures.Of(summaries[0]).Maps.Select(map => map.Map)],
        };
    }

    private static IEnumerable<string> FurthestApart(List<MapSummary> summaries) => RewardContrast.All(summaries).Take(1)
        .SelectMany(contrast => summaries.Select(seed => DisagreeingTexts.Furthest(seed, contrast) is { } furthest ? summaries.Count > 1 ? $"seed {seed.Seed}: {furthest}" : furthest : null)).OfType<string>();

    private static IEnumerable<string> CutNotes(List<MapSummary> summaries) =>
        from reward in summaries[0].Recipe.Rewards
        let cut = summaries.Sum(summary => summary.State.Events.Count(one => one.Solution.Cut.Contains(reward.Name)))
        where cut > 0
        select $"{cut} of {summaries.Sum(summary => summary.State.Events.Count)} texts are longer than '{reward.Name}' can read, and are scored on their first lines that fit.";

    private sealed class PartOfProgress(IProgress<double> whole, int index, int count) : IProgress<double>
    {
        public void Report(double value) => whole.Report((index + value) / count);
    }
}
