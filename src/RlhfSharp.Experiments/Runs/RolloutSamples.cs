using System.Globalization;
using System.Text.Json.Nodes;
using RlhfSharp.Experiments.Reports;
using RlhfSharp.Models.Runtime;

namespace RlhfSharp.Experiments.Runs;

/// <summary>What a policy was rewarded for in the end: the best, the worst and some other samples of the last round.</summary>
internal static class RolloutSamples
{
    private const string FileName = "rollouts.jsonl";
    private const int Each = 3;

    /// <summary>Makes the blocks; none where a run drew no samples.</summary>
    public static IEnumerable<IReportBlock> Blocks(ExperimentMember member, bool showText)
    {
        if (!File.Exists(Path.Combine(member.Directory, FileName)))
        {
            yield break;
        }
        var lines = MetricLog.Read(member.Directory, FileName);
        var last = lines.Where(line => (int)line["round"]! == (int)lines[^1]["round"]!).OrderByDescending(line => (double)line["reward"]!).ToArray();
        var others = last.Skip(Each).SkipLast(Each).ToArray();
        new NamedRandom(member.Seed, "report-samples").Shuffle(others.AsSpan());
        yield return new HeadingBlock("What was rewarded");
        foreach (var (title, samples) in new[] { ("Best", last.Take(Each)), ("Worst", last.TakeLast(Each)), ("Random", others.Take(Each)) })
        {
            yield return new SamplesBlock($"{title} samples of the last round, {member.Title}", [.. samples.Select(Sample)], showText);
        }
    }

    private static ReportSample Sample(JsonObject line) => new(
        (string)line["promptText"]!,
        (string)line["text"]!,
        [
            new ReportFact("reward", Number((double)line["reward"]!)),
            .. line["rewards"]!.AsObject().Select(part => new ReportFact(part.Key, Number((double)part.Value!))),
            new ReportFact("tokens", line["tokens"]!.AsArray().Count.ToString(CultureInfo.InvariantCulture)),
        ]);

    private static string Number(double value) => value.ToString("0.###", CultureInfo.InvariantCulture);
}
