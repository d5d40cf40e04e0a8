using System.Xml.Linq;
using RlhfSharp.Experiments.Recipes;
using RlhfSharp.Experiments.RewardMaps;
using RlhfSharp.Models.Runtime;
using RlhfSharp.Training.Rewards;
using TorchSharp;

namespace RlhfSharp.Experiments.Tests.RewardMaps;

public sealed class RewardContrastTests
{
    private const int DataSets = 1000;

    // Ranks of 1, 2, 2, 4: 1/8, 1/2, 1/2, 7/8. Of 40, 10, 30, 20: 7/8, 1/8, 5/8, 3/8. Cell 0 has the first two, with differences −3/4 and 3/8: mean −3/16,
    // standard deviation 9/8 / √2, standard error 9/16.
    [Fact]
    public void Ranks_FourTexts_AreWorkedOutByHand()
    {
        var ranks = Ranked([1, 2, 2, 4], [40, 10, 30, 20], [true, true, true, true], [0, 0, 1, 1], [0, 1, 2, 3]);
        var cell = ranks.Estimate(index => index == 0);
        Assert.Equal((2, 2.0), (cell.Count, cell.Clusters));
        Assert.Equal(-3.0 / 16, cell.Mean!.Value, 1e-12);
        Assert.Equal(9.0 / 16, cell.StandardError!.Value, 1e-12);
        Assert.Equal(-3.0 / 16 - 12.706204736 * 9 / 16, cell.Interval!.Value.Low, 1e-6);   // t of one degree of freedom
        Assert.Equal(3.0 / 16, ranks.Estimate(index => index == 1).Mean!.Value, 1e-12);
        // Deviations from 1/2 are −3, 0, 0, 3 and 3, −3, 1, −1 eighths: products −9 − 3, squares 18 and 20.
        Assert.Equal(-12 / Math.Sqrt(18 * 20), ranks.Correlation!.Value, 1e-12);
    }

    // The first two alone are frozen: 3 lies above both, 1.5 between them.
    [Fact]
    public void Ranks_TextsOfTheSecondPhase_AreRankedAmongThoseOfTheFirst()
    {
        var ranks = Ranked([1, 2, 3], [1, 2, 1.5], [true, true, false], [0, 0, 1], [0, 1, 2]);
        Assert.Equal(0.5, ranks.Estimate(index => index == 1).Mean!.Value, 1e-12);
        Assert.Equal(0, ranks.Estimate(index => index == 0).Mean!.Value, 1e-12);
    }

    [Fact]
    public void Contrast_SameRewardOnAnyScale_IsZeroEverywhere()
    {
        using var folder = TestFiles.NewFolder();
        var contrast = Contrast(folder, Stub.Score, text => Math.Exp(3 * Stub.Score(text)) - 7);
        Assert.All(contrast.Cells.Concat(contrast.Labels.Select(label => label.Difference)), one => Assert.True(Math.Abs(one.Mean!.Value) < 1e-12 && !one.IsSeparated));
        Assert.Equal(1, contrast.Correlation!.Value, 1e-12);
        Assert.Equal("a against b: not separated at this budget in any cell", contrast.Conclusion());
    }

    [Fact]
    public void Contrast_ConstantRewards_AreZeroWithIntervalsOfNoWidth()
    {
        using var folder = TestFiles.NewFolder();
        var contrast = Contrast(folder, _ => 3, _ => -1);
        Assert.All(contrast.Cells, cell => Assert.Equal((0, 0, 0, false), (cell.Mean!.Value, cell.Interval!.Value.Low, cell.Interval!.Value.High, cell.IsSeparated)));
        Assert.Null(contrast.Correlation);
    }

    // Length against nothing at all: long texts above, short ones below, and no form on any side, for forms are equally long.
    [Fact]
    public void Contrast_LengthOnlyAgainstConstant_IsSeparatedByLengthAlone()
    {
        using var folder = TestFiles.NewFolder();
        var contrast = Contrast(folder, text => text.Length, _ => 0);
        var length = contrast.Labels.Where(label => label.Axis == "length").Select(label => label.Difference).ToList();
        Assert.All(length, label => Assert.True(label.IsSeparated));
        Assert.True(length[0].Mean < 0 && length[1].Mean > 0);
        Assert.All(contrast.Labels.Where(label => label.Axis == "form"), label => Assert.True(!label.Difference.IsSeparated && label.Difference.Interval!.Value.Contains(0)));
        Assert.Equal(0, contrast.Cells.Sum(cell => cell.Count * cell.Mean!.Value), 1e-9);   // over the frozen set both sides balance
        Assert.StartsWith("a against b: separated in 6 of 6 cells; a favours ", contrast.Conclusion(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Contrast_FormThatOneModelLikes_IsFoundInMetricsFilesAndReport()
    {
        using var folder = TestFiles.NewFolder();
        Func<string, double> liking = text => Stub.Score(text) + (int.Parse(text.Split(' ')[0]) % 3 == 0 ? 4 : 0);   // every third is a sonnet
        var recipe = KnownTexts.Recipe(folder, KnownTexts.Many(150), "rewards[2]={ kind: reward-model, name: c, path: none }");
        var settled = recipe.Generator.Settle(recipe);
        IScorer[] scorers = [new StubScorer(liking), new StubScorer(Stub.Score), new StubScorer(text => double.NaN)];
        using var session = MapSession.Start(settled, new RecipeSource("stub", string.Empty), [], folder.File("run"), false, torch.CPU, TimeProvider.System, (_, _) => KnownTexts.Parts(settled, scorers));
        var result = await session.RunAsync(null, default);

        Assert.True(result.Intervals["contrast/form/sonnet"].Low > 0.1 && result.Intervals["contrast/form/ode"].High < 0);
        Assert.DoesNotContain(result.Metrics.Keys, name => name.StartsWith("contrast/c/", StringComparison.Ordinal));   // it scored nothing
        Assert.Contains(result.Conclusions, claim => claim.StartsWith("a against b: separated in ", StringComparison.Ordinal) && claim.Contains("a favours sonnet, ", StringComparison.Ordinal));
        var json = System.Text.Json.Nodes.JsonNode.Parse(File.ReadAllText(folder.File("run", "summary.json")))!["contrasts"]!.AsArray();
        Assert.Equal(("a", "b", 6, 5), ((string)json[0]!["first"]!, (string)json[0]!["second"]!, json[0]!["cells"]!.AsArray().Count, json[0]!["labels"]!.AsArray().Count));
        Assert.All(json[0]!["cells"]!.AsArray(), cell => Assert.Equal((string)cell!["labels"]![0]! == "sonnet", (double)cell["difference"]! > 0));
        var report = XDocument.Parse(File.ReadAllText(result.Report));
        Assert.Equal(6, report.Descendants("figure").Count(figure => (string?)figure.Attribute("class") == "heat-map"));   // four maps, the contrast, and what of it holds
        Assert.Contains("a against b: the same texts, ranked by both", report.Root!.Value, StringComparison.Ordinal);
    }

    // One model that likes short texts as answers and long ones alone.
    [Fact]
    public void Contrast_OneModelUnderTwoTemplates_ReadsTheSameTextsInTwoForms()
    {
        using var folder = TestFiles.NewFolder();
        var recipe = KnownTexts.Recipe(folder, KnownTexts.Many(60), "rewards=[{ kind: reward-model, name: answer, path: none, template: dialogue }, { kind: reward-model, name: bare, path: none }]");
        var model = new TemplateScorer();
        var summary = KnownTexts.Run(recipe, folder.File("run"), [model, model]);

        Assert.Equal(60, model.Dialogues.Count);
        Assert.All(model.Dialogues, request => Assert.Equal(("user", "Write a poem.", "assistant"), (request.Prompt!.Messages[0].Role, request.Prompt.Messages[0].Content, request.Completion.Messages[0].Role)));
        Assert.Equal(model.Dialogues.Select(request => request.Completion.Messages[0].Content), model.Bare.Select(request => request.Completion.Text));
        var contrast = Assert.Single(RewardContrast.All([summary]));
        Assert.Equal(("answer", "bare"), (contrast.First, contrast.Second));
        Assert.Equal(-1, contrast.Correlation!.Value, 1e-9);   // as an answer it likes short texts, alone long ones
        Assert.Contains("bare favours ", contrast.Conclusion(), StringComparison.Ordinal);
    }

    [Fact]
    public void Contrast_SeveralSeeds_TheSeedsAreTheSample()
    {
        GroupEstimate[] seeds = [new(5, 5, 0.1, 0.01), new(7, 7, 0.3, 0.01), new(6, 6, 0.2, 0.01)];
        var over = GroupEstimate.Over(seeds);
        Assert.Equal((18, 3.0), (over.Count, over.Clusters));
        Assert.Equal(0.2, over.Mean!.Value, 1e-12);
        Assert.Equal(Training.Metrics.Statistics.StudentT([0.1, 0.3, 0.2]).Low, over.Interval!.Value.Low, 1e-9);
        Assert.Null(GroupEstimate.Over([.. seeds, new(0, 0, null, null)]).Mean);   // a seed without a text of the group
    }

    // Two models that see the same quality through noise of their own: in none of 12 cells does one favour the texts more. 1 to 4 texts of a line, which share half of the noise.
    [Fact]
    public void Contrast_SimulatedRewards_IntervalsCoverAndNothingIsClaimed()
    {
        var (covered, cells, falseClaims) = (0, 0, 0);
        var groups = Enumerable.Range(0, 12).Select(cell => ((IReadOnlyList<string>)[$"{cell}"], (Func<int, bool>)(other => other == cell))).ToList();
        for (var data = 0; data < DataSets; data++)
        {
            var differences = RewardContrast.Decide([Simulate(data, bonus: 0)], groups);
            covered += differences.Count(one => one.Interval!.Value.Contains(0));
            cells += differences.Count;
            falseClaims += differences.Any(one => one.IsSeparated) ? 1 : 0;
        }
        Assert.InRange((double)covered / cells, 0.935, 0.975);   // a cell is part of the set that ranks it, which makes intervals a little too wide
        Assert.InRange(falseClaims, 0, 70);                      // at most 5% are 50 ± 7
    }

    // In cell 0 one author has 60 of 80 texts, and authors differ: the models agree on the whole, and on no author.
    [Fact]
    public void Contrast_SimulatedAuthorOfMostTexts_IsNoEvidenceForTheForm()
    {
        var groups = new[] { ((IReadOnlyList<string>)["0"], (Func<int, bool>)(cell => cell == 0)) };
        var (claims, effective) = (0, 0.0);
        for (var data = 0; data < 200; data++)
        {
            var random = new NamedRandom(data, "author");
            var (first, cells, lines) = (new List<double>(), new List<int>(), new List<long>());
            for (var author = 0; author < 221; author++)
            {
                var taste = random.NextGaussian();
                for (var text = author == 0 ? 60 : 1; text > 0; text--)
                {
                    first.Add(taste + 0.3 * random.NextGaussian());
                    cells.Add(author <= 20 ? 0 : 1);
                    lines.Add(author);
                }
            }
            var ranks = Ranked([.. first], [.. first.Select(_ => random.NextGaussian())], [.. first.Select(_ => true)], [.. cells], [.. lines]);
            effective = ranks.Estimate(cell => cell == 0).Clusters;
            claims += RewardContrast.Decide([ranks], groups)[0].IsSeparated ? 1 : 0;
        }
        Assert.Equal(80.0 * 80 / (60 * 60 + 20), effective, 1e-9);   // 1.8, though there are 21 authors
        Assert.Equal(0, claims);
    }

    [Fact]
    public void Contrast_SimulatedPreferenceForACell_IsNearlyAlwaysFound()
    {
        var groups = Enumerable.Range(0, 12).Select(cell => ((IReadOnlyList<string>)[$"{cell}"], (Func<int, bool>)(other => other == cell))).ToList();
        var found = Enumerable.Range(0, 100).Count(data => RewardContrast.Decide([Simulate(data, bonus: 3)], groups)[0] is { IsSeparated: true, Mean: > 0 });
        Assert.InRange(found, 95, 100);
    }

    private static PairedRanks Simulate(int data, double bonus)
    {
        var random = new NamedRandom(data, "contrast");
        var (first, second, cells, lines) = (new List<double>(), new List<double>(), new List<int>(), new List<long>());
        for (var line = 0; line < 240; line++)
        {
            var (cell, shared, otherShared) = (line % 12, random.NextGaussian(), random.NextGaussian());
            for (var text = 1 + random.Next(4); text > 0; text--)
            {
                var quality = random.NextGaussian() + cell;
                first.Add(quality + shared + random.NextGaussian() + (cell == 0 ? bonus : 0));
                second.Add(5 * (quality + otherShared + random.NextGaussian()));
                cells.Add(cell);
                lines.Add(line);
            }
        }
        return Ranked([.. first], [.. second], [.. first.Select(_ => true)], [.. cells], [.. lines]);
    }

    private static RewardContrast Contrast(TemporaryFolder folder, Func<string, double> first, Func<string, double> second) =>
        Assert.Single(RewardContrast.All([KnownTexts.Run(KnownTexts.Recipe(folder, KnownTexts.Many(150)), folder.File("run"), first, second)]));

    private sealed class TemplateScorer : IScorer
    {
        public List<ScoreRequest> Dialogues { get; } = [];

        public List<ScoreRequest> Bare { get; } = [];

        public Task<IReadOnlyList<double>> ScoreAsync(IReadOnlyList<ScoreRequest> requests, IProgress<double>? progress, CancellationToken cancellationToken)
        {
            foreach (var request in requests)
            {
                (request.Completion.IsConversational ? Dialogues : Bare).Add(request);
            }
            return Task.FromResult<IReadOnlyList<double>>([.. requests.Select(request => request.Completion.IsConversational ? -request.Completion.Messages[0].Content.Length : (double)request.Completion.Text.Length)]);
        }

        public void Dispose()
        {
        }
    }

    // Ranks rewards among those that are frozen, as a search does.
    private static PairedRanks Ranked(double[] first, double[] second, bool[] isFrozen, int[] cells, long[] lines)
    {
        var frozen = new FrozenRanks(0, 1, [.. first.Zip(second).Where((_, text) => isFrozen[text])]);
        var ranks = first.Zip(second, frozen.Of).ToList();
        return new PairedRanks([.. ranks.Select(rank => rank.First)], [.. ranks.Select(rank => rank.Second)], cells, lines);
    }
}
