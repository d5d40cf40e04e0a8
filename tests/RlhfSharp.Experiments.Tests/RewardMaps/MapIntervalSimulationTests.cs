using RlhfSharp.Experiments.RewardMaps;
using RlhfSharp.Models.Runtime;
using RlhfSharp.Training.Metrics;

namespace RlhfSharp.Experiments.Tests.RewardMaps;

/// <summary>Simulations with a known truth: 95% intervals of a map hold it in 95 of 100 data sets, and where there is no difference at most 5 of 100 sets claim one.</summary>
/// <remarks>Seeds are fixed. Bounds are four standard errors of the simulated share, √(p (1 − p) / n), away from what is promised. Differences between labels of one search, deviations and contrasts of two
/// rewards are simulated beside their own tests; Wilson's, Student's and the bootstrap's intervals beside theirs.</remarks>
public sealed class MapIntervalSimulationTests
{
    private const double Nominal = 0.95;

    // A search builds on what is rewarded, so rewarded lines grow: the lines above 0 have 1 to 6 texts, 3.5 on average, those below 1 to 3, 2 on average. A normal value above 0 is 0.798 on average, so the mean over
    // all texts tends to 0.798 · (3.5 − 2) / (3.5 + 2).
    [Theory]
    [InlineData(12)]
    [InlineData(40)]
    public void Marginals_LinesThatGrowWithTheirReward_CoverTheMeanOfAllTexts(int lines)
    {
        const int DataSets = 1000;
        var truth = Math.Sqrt(2 / Math.PI) * (3.5 - 2) / (3.5 + 2);
        var covered = 0;
        for (var data = 0; data < DataSets; data++)
        {
            var random = new NamedRandom(data, "growing lines");
            var (values, clusters) = (new List<double>(), new List<int>());
            for (var line = 0; line < lines; line++)
            {
                var shared = random.NextGaussian();
                for (var text = 1 + random.Next(shared > 0 ? 6 : 3); text > 0; text--)
                {
                    values.Add(shared + 0.5 * random.NextGaussian());
                    clusters.Add(line);
                }
            }
            covered += Statistics.ClusteredMean([.. values], [.. clusters], seed: 1).Contains(truth) ? 1 : 0;
        }
        AssertShare(covered, DataSets, Nominal);
    }

    // Whole maps, 60 lines of one to three texts: haiku are worth 1 more than sonnets, tones nothing.
    [Fact]
    public void Maps_SimulatedLines_MarginalsCoverAndLabelsWithoutEffectAreRarelyClaimed()
    {
        const int Maps = 150;
        var recipe = Stub.Recipe();
        var (marginals, differences, claims) = (0, 0, 0);
        for (var map = 0; map < Maps; map++)
        {
            var summary = Simulated(recipe, map);
            marginals += summary.Intervals["marginal/genre/haiku"].Contains(1) ? 1 : 0;
            var effects = MapEffects.Of([summary], isLengthEqual: true).Contrasts;
            differences += effects.Single(one => one.Axis == "genre").Interval.Contains(1) ? 1 : 0;
            claims += effects.Any(one => one.Axis == "tone" && one.IsSeparated) ? 1 : 0;
        }
        AssertShare(marginals, Maps, Nominal);
        AssertShare(differences, Maps, Nominal);
        AssertAtMost(claims, Maps, 1 - Nominal);
    }

    // Four labels, each measured once per seed with noise of its own and no difference: six differences, which share their labels.
    [Theory]
    [InlineData(3)]
    [InlineData(5)]
    public void Differences_OverSeeds_CoverAndAreRarelyClaimed(int seeds)
    {
        const int DataSets = 4000;
        var (covered, claims) = (0, 0);
        for (var data = 0; data < DataSets; data++)
        {
            var random = new NamedRandom(data, "labels over seeds");
            var labels = Enumerable.Range(0, seeds).Select(_ => Enumerable.Range(0, 4).Select(_ => random.NextGaussian()).ToArray()).ToList();
            var pairs = from first in Enumerable.Range(0, 4) from second in Enumerable.Range(first + 1, 3 - first) select (first, second);
            var tests = JointTest.Decide([.. pairs.Select(pair => (IReadOnlyList<FitEstimate>)[.. labels.Select(one => new FitEstimate(one[pair.first] - one[pair.second], 1, 1))])], largest: 1);
            covered += tests[0].Interval.Contains(0) ? 1 : 0;
            claims += tests.Any(test => test.Holds) ? 1 : 0;
        }
        AssertShare(covered, DataSets, Nominal);
        AssertAtMost(claims, DataSets, 1 - Nominal);
    }

    // A search for disagreement ranks its texts among a frozen set of 40 that is not on the map. Rewards in cell c are normal about c / 2, and about c / 2 + c for the other model; the truth given the set is the mean over it of
    // the chance to lie above. Six cells of 15 lines, one to three texts each, whose halves are shared.
    [Fact]
    public void Contrast_AmongAFrozenSet_CoversTheTruthOfThatSet()
    {
        const int DataSets = 400;
        const int Cells = 6;
        var covered = 0;
        for (var data = 0; data < DataSets; data++)
        {
            var random = new NamedRandom(data, "frozen");
            MapSolution Draw(long id, int cell, double shared, double otherShared) => Text(
                id, [cell / 2.0 + (shared + random.NextGaussian()) / Math.Sqrt(2), 1.5 * cell + (otherShared + random.NextGaussian()) / Math.Sqrt(2)]);
            var frozen = Enumerable.Range(0, 40).Select(id => Draw(id, random.Next(Cells), random.NextGaussian(), random.NextGaussian())).ToList();
            var ranks = FrozenRanks.Of(0, 1, frozen)!;
            var (first, second, cells, lines) = (new List<double>(), new List<double>(), new List<int>(), new List<long>());
            for (var line = 0; line < 15 * Cells; line++)
            {
                var (shared, otherShared) = (random.NextGaussian(), random.NextGaussian());
                for (var text = 1 + random.Next(3); text > 0; text--)
                {
                    var (one, other) = ranks.Of(Draw(0, line % Cells, shared, otherShared));
                    first.Add(one);
                    second.Add(other);
                    cells.Add(line % Cells);
                    lines.Add(line);
                }
            }
            var paired = new PairedRanks([.. first], [.. second], [.. cells], [.. lines]);
            for (var cell = 0; cell < Cells; cell++)
            {
                var truth = frozen.Average(one => Above(cell / 2.0 - one.Rewards[0]) - Above(1.5 * cell - one.Rewards[1]));
                covered += paired.Estimate(other => other == cell).Interval!.Value.Contains(truth) ? 1 : 0;
            }
        }
        AssertShare(covered, DataSets * Cells, Nominal);
    }

    // Three searches, each with a difference of its own about 0 in every cell: the seeds are the sample.
    [Fact]
    public void Contrast_OverSeeds_CoversAndIsRarelyClaimed()
    {
        const int DataSets = 1000;
        const int Cells = 5;
        var groups = Enumerable.Range(0, Cells).Select(cell => ((IReadOnlyList<string>)[$"{cell}"], (Func<int, bool>)(other => other == cell))).ToList();
        var (covered, claims) = (0, 0);
        for (var data = 0; data < DataSets; data++)
        {
            var random = new NamedRandom(data, "contrast over seeds");
            var seeds = Enumerable.Range(0, 3).Select(_ =>
            {
                var shift = Enumerable.Range(0, Cells).Select(_ => 0.1 * random.NextGaussian()).ToArray();
                int[] cells = [.. Enumerable.Range(0, 20 * Cells).Select(text => text % Cells)];
                return new PairedRanks([.. cells.Select(cell => 0.5 + shift[cell] + 0.1 * random.NextGaussian())], [.. cells.Select(_ => 0.5)], cells, [.. cells.Select((_, text) => (long)text)]);
            }).ToList();
            var differences = RewardContrast.Decide(seeds, groups);
            covered += differences.Count(one => one.Interval!.Value.Contains(0));
            claims += differences.Any(one => one.IsSeparated) ? 1 : 0;
        }
        AssertShare(covered, DataSets * Cells, Nominal);
        AssertAtMost(claims, DataSets, 1 - Nominal);
    }

    private static void AssertShare(int count, int trials, double expected)
    {
        var reach = 4 * Math.Sqrt(expected * (1 - expected) / trials);
        Assert.InRange((double)count / trials, expected - reach, expected + reach);
    }

    private static void AssertAtMost(int count, int trials, double most) => Assert.InRange((double)count / trials, 0, most + 4 * Math.Sqrt(most * (1 - most) / trials));

    // The chance that a normal value is above −x.
    private static double Above(double x) => x < 0 ? 1 - Above(-x) : 1 - Statistics.StudentTPValue(x, 1e9) / 2;

    // 60 lines of descent, written straight into a state: no files, no models.
    private static MapSummary Simulated(MapRecipe recipe, long seed)
    {
        var random = new NamedRandom(seed, "map intervals");
        var texts = new List<MapSolution>();
        for (var line = 0; line < 60; line++)
        {
            var (shared, parent) = (random.NextGaussian(), texts.Count);
            for (var text = 1 + random.Next(3); text > 0; text--)
            {
                string?[] labels = [random.Next(2) == 0 ? "haiku" : "sonnet", random.Next(3) switch { 0 => "happy", 1 => "dark", _ => "calm" }];
                texts.Add(Text(texts.Count, [(labels[0] == "haiku" ? 1 : 0) + shared + random.NextGaussian()]) with
                {
                    Parents = texts.Count == parent ? [] : [parent],
                    Requested = labels,
                    Text = new string('x', 20 + random.Next(40)),
                });
            }
        }
        var state = new MapState(recipe);
        state.Commit(texts);
        return new MapSummary(recipe, state, seed);
    }

    private static MapSolution Text(long id, double[] rewards) => new()
    {
        Id = id,
        Step = 0,
        Operator = "random",
        Parents = [],
        Requested = [null, null],
        Judged = [null, null],
        PromptHash = string.Empty,
        Text = "x",
        Rewards = rewards,
    };
}
