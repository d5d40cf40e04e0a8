using RlhfSharp.Training.Metrics;
using RlhfSharp.Training.Runs;

namespace RlhfSharp.Experiments.Runs;

/// <summary>The numbers of an experiment: means over seeds with their intervals, and each seed's own.</summary>
public sealed class ExperimentSummary
{
    private readonly OrderedDictionary<string, double> _metrics = [];
    private readonly OrderedDictionary<string, Interval> _intervals = [];

    private const string Final = "/final";
    private const string Start = "/start";
    private const string Seconds = "seconds";

    /// <summary>Gets values by name: <c>metric</c> for the recipe, <c>metric/variant</c> for a variant, <c>…#seed</c> for one seed. Where rows are compared,
    /// <c>metric/final/variant</c> is also called <c>metric/variant</c>, and the recipe itself has the name that it gives its row.</summary>
    public IReadOnlyDictionary<string, double> Metrics => _metrics;

    /// <summary>Gets 95% intervals by the names of <see cref="Metrics"/>, where there is one.</summary>
    public IReadOnlyDictionary<string, Interval> Intervals => _intervals;

    /// <summary>Gets the metrics' names without variant and seed, in order.</summary>
    public IReadOnlyList<string> Names { get; private set; } = [];

    /// <summary>Gets the variants' names, the recipe itself (empty) first.</summary>
    public IReadOnlyList<string> Variants { get; private set; } = [];

    /// <summary>Names a metric of a variant as <see cref="Metrics"/> does.</summary>
    /// <param name="name">One of <see cref="Names"/>.</param>
    /// <param name="variant">One of <see cref="Variants"/>.</param>
    /// <returns>The key.</returns>
    public static string Key(string name, string variant) => variant.Length == 0 ? name : $"{name}/{variant}";

    /// <summary>Reads the results of all runs.</summary>
    /// <param name="members">Runs that are done.</param>
    /// <returns>The summary.</returns>
    public static ExperimentSummary Read(IReadOnlyList<ExperimentMember> members)
    {
        var isTable = members[0].Recipe.Row is not null;
        var summary = Of([.. members.Select(member =>
        {
            var result = RunResults.Read(member.Directory);
            return (member.Variant, member.Seed, isTable ? WithSeconds(result, member.Directory) : result);
        })]);
        if (members[0].Recipe.Row is { } own)
        {
            summary.NameRows(own);
        }
        return summary;
    }

    /// <summary>Summarises results of any kind of run.</summary>
    /// <param name="rows">Each run's variant, seed and result.</param>
    internal static ExperimentSummary Of(IReadOnlyList<(string Variant, long Seed, EvaluationResult Result)> rows)
    {
        var summary = new ExperimentSummary
        {
            Names = [.. rows.SelectMany(row => row.Result.Metrics.Keys.Concat(row.Result.Observations.Keys)).Distinct()],
            Variants = [.. rows.Select(row => row.Variant).Distinct()],
        };
        foreach (var variant in rows.GroupBy(row => row.Variant))
        {
            foreach (var name in summary.Names)
            {
                summary.Add(Key(name, variant.Key), name, [.. variant.Select(row => (row.Seed, row.Result))]);
            }
        }
        return summary;
    }

    private static EvaluationResult WithSeconds(EvaluationResult result, string directory) =>
        result with { Metrics = new OrderedDictionary<string, double>(result.Metrics) { [Seconds] = TrainingTime.Read(directory) } };

    // What a table of methods has: one number per score and row, and the start as a row of its own.
    private void NameRows(string own)
    {
        foreach (var name in Names)
        {
            var score = name.EndsWith(Final, StringComparison.Ordinal) ? name[..^Final.Length] : name;
            foreach (var variant in Variants)
            {
                Alias(Key(name, variant), $"{score}/{(variant.Length == 0 ? own : variant)}");
            }
            if (name.EndsWith(Start, StringComparison.Ordinal))
            {
                Alias(Key(name, Variants[0]), name);
            }
        }
    }

    private void Alias(string key, string alias)
    {
        foreach (var known in _metrics.Keys.Where(known => known == key || known.StartsWith($"{key}#", StringComparison.Ordinal)).ToList())
        {
            var other = alias + known[key.Length..];
            _metrics.TryAdd(other, _metrics[known]);
            if (_intervals.TryGetValue(known, out var interval))
            {
                _intervals.TryAdd(other, interval);
            }
        }
    }

    // Within a seed folds are pooled, for each held-out item is measured once; over seeds the seeds are the sample.
    private void Add(string key, string name, IReadOnlyList<(long Seed, EvaluationResult Result)> rows)
    {
        var seeds = rows.GroupBy(row => row.Seed).Select(seed => (seed.Key, Pool(name, [.. seed.Select(row => row.Result)]))).Where(seed => !double.IsNaN(seed.Item2.Value)).ToList();
        if (seeds.Count == 0)
        {
            return;
        }
        _metrics[key] = seeds.Average(seed => seed.Item2.Value);
        if (seeds.Count == 1)
        {
            AddInterval(key, seeds[0].Item2.Interval);
            return;
        }
        _intervals[key] = Statistics.StudentT([.. seeds.Select(seed => seed.Item2.Value)]);
        foreach (var (seed, estimate) in seeds)
        {
            _metrics[$"{key}#{seed}"] = estimate.Value;
            AddInterval($"{key}#{seed}", estimate.Interval);
        }
    }

    private void AddInterval(string key, Interval? interval)
    {
        if (interval is { } known)
        {
            _intervals[key] = known;
        }
    }

    private static Estimate Pool(string name, IReadOnlyList<EvaluationResult> results)
    {
        var observations = results.SelectMany(result => result.Observations.GetValueOrDefault(name, [])).ToList();
        if (observations.Count == 0)
        {
            var values = results.Where(result => result.Metrics.ContainsKey(name)).Select(result => result.Metrics[name]).ToList();
            var own = results.Count == 1 && results[0].Intervals.TryGetValue(name, out var known) ? known : (Interval?)null;
            return new Estimate(values.Count == 0 ? double.NaN : values.Average(), own);
        }
        var groups = observations.Select(one => one.Group).Distinct().Index().ToDictionary(group => group.Item, group => group.Index);
        double[] all = [.. observations.Select(one => one.Value)];
        var interval = groups.Count >= Statistics.MinimumBootstrapClusters
            ? Statistics.ClusteredMean(all, [.. observations.Select(one => groups[one.Group])], seed: 0)
            : (Interval?)null;
        return new Estimate(all.Average(), interval);
    }
}
