using System.Text.Json.Nodes;
using RlhfSharp.Experiments.Recipes;
using RlhfSharp.Experiments.RewardMaps;

namespace RlhfSharp.Experiments.Tests.RewardMaps;

/// <summary>What went wrong in the programs this one follows, each with a test that it does not here.</summary>
public sealed class MapDefectTests
{
    [Fact]
    public void Defect01_TextsAreNotWhatWasAskedFor_TheMapShowsWhatWasWritten()
    {
        using var folder = TestFiles.NewFolder();
        var recipe = Stub.Recipe("labelMode=judged");
        var state = Stub.Run(recipe, folder, Stub.Parts(recipe, write: _ => "thou night"));   // a dark sonnet, whatever is asked for
        Assert.Equal(["sonnet", "dark"], Labels(state, Assert.Single(state.Archive).Cell));

        var summary = new MapSummary(recipe, state, 7);
        Assert.Equal(48, summary.Confusion(0).Values.Sum());
        Assert.Equal(summary.Confusion(0)[("haiku", "sonnet")], 48 - summary.Confusion(0)[("sonnet", "sonnet")]);
        Assert.Equal(summary.Confusion(0)[("sonnet", "sonnet")] / 48.0, summary.Metrics["agreement/genre"], 1e-12);

        using var strict = new TemporaryFolder("strict");
        recipe = Stub.Recipe("labelMode=agreeing");
        state = Stub.Run(recipe, strict, Stub.Parts(recipe, write: _ => "thou night"));
        Assert.Equal(["sonnet", "dark"], Labels(state, Assert.Single(state.Archive).Cell));
        Assert.All(state.Events, one => Assert.Equal(one.Solution.Requested is ["sonnet", "dark"] ? null : RejectReason.OtherLabel, one.Outcome.Reason));
    }

    [Fact]
    public void Defect02_RequestedLabels_CoverageIsSaidToMeanNothingOrIsThatOfTheJudges()
    {
        using var folder = TestFiles.NewFolder();
        var recipe = Stub.Recipe("axes[0].judge=null", "axes[1].judge=null");
        var summary = new MapSummary(recipe, Stub.Run(recipe, folder, Stub.Parts(recipe, write: _ => "thou night", judges: false)), 7);
        Assert.Equal((1, true), (summary.Metrics["coverage"], summary.IsCoverageTrivial));

        using var judged = new TemporaryFolder("judged");
        recipe = Stub.Recipe();
        summary = new MapSummary(recipe, Stub.Run(recipe, judged, Stub.Parts(recipe, write: _ => "thou night")), 7);
        Assert.Equal((1.0 / 6, false), (summary.Metrics["coverage"], summary.IsCoverageTrivial));
        Assert.Equal(6, summary.State.Archive.Count);
    }

    [Fact]
    public void Defect03_NegativeRewards_DoNotLowerTheQdScoreWhenACellFills()
    {
        using var folder = TestFiles.NewFolder();
        var recipe = Stub.Recipe();
        var state = Stub.Run(recipe, folder, Stub.Parts(recipe, score: text => -1 - Math.Abs(Stub.Score(text))));
        var scores = Enumerable.Range(recipe.StartSteps, recipe.TotalSteps - recipe.StartSteps + 1)
            .Select(steps => new MapSummary(recipe, MapRun.Fold(recipe, Stub.Events(folder).Take(steps * recipe.BatchSize)), 7).Metrics["qd_score"]).ToList();
        Assert.Equal(scores.Order(), scores);
        Assert.InRange(scores[^1], 0, state.Archive.CellCount);
    }

    [Fact]
    public void Defect04_FilledCells_AreCountedAndWritten()
    {
        using var folder = TestFiles.NewFolder();
        var recipe = Stub.Recipe("labelMode=judged");
        var state = Stub.Run(recipe, folder);
        var cells = MapFiles.ToJson(new MapSummary(recipe, state, 7))["cells"]!.AsArray();
        Assert.Equal(6, cells.Count);
        var placed = state.Events.Where(one => one.Outcome.Cell is not null).ToList();
        Assert.Equal(placed.Select(one => one.Outcome.Cell).Distinct().Count(), cells.Count(cell => (int)cell!["n"]! > 0));
        Assert.Equal(placed.Count, cells.Sum(cell => (int)cell!["n"]!));
    }

    [Fact]
    public void Defect05_RewardThatIsNoNumber_LeavesTheCellEmptyAndIsNeverAParent()
    {
        using var folder = TestFiles.NewFolder();
        var recipe = Stub.Recipe();
        var state = Stub.Run(recipe, folder, Stub.Parts(recipe, write: request => $"{request.Number}", score: text => int.Parse(text) % 2 == 0 ? double.NaN : 1));
        Assert.All(state.Events.Where(one => one.Solution.Id % 2 == 0), one => Assert.Equal((RejectReason.NoReward, null), (one.Outcome.Reason, one.Outcome.Cell)));
        Assert.All(state.Events.SelectMany(one => one.Solution.Parents), parent => Assert.Equal(1, parent % 2));
        Assert.Contains("\"reward\":null", Stub.Events(folder)[0], StringComparison.Ordinal);
    }

    [Fact]
    public void Defect06_TwiceAsManySteps_TakeTwiceTheDiskAndNoMoreFiles()
    {
        using var one = new TemporaryFolder("one");
        using var two = new TemporaryFolder("two");
        Stub.Run(Stub.Recipe("totalSteps=100"), one);
        Stub.Run(Stub.Recipe("totalSteps=200"), two);
        Assert.Single(Directory.GetFiles(two.Path));
        Assert.InRange((double)new FileInfo(two.File(MapRun.EventsName)).Length / new FileInfo(one.File(MapRun.EventsName)).Length, 1.8, 2.2);
    }

    [Fact]
    public void Defect07_ResumedAtEveryStep_GivesTheSameBytes()
    {
        var recipe = Stub.Recipe("archiveDepth=2", "pipelineDepth=3", "operators=[{ kind: crossover, choice: replace }]", "parents=curiosity");
        using var whole = TestFiles.NewFolder();
        Stub.Run(recipe, whole);
        var lines = Stub.Events(whole);
        for (var step = 0; step <= recipe.TotalSteps; step++)
        {
            using var cut = new TemporaryFolder("cut");
            File.WriteAllText(cut.File(MapRun.EventsName), string.Concat(lines.Take(step * recipe.BatchSize).Select(line => line + "\n")));
            Stub.Run(recipe, cut);
            Assert.Equal(lines, Stub.Events(cut));
        }
    }

    [Fact]
    public void Defect08_SeveralTextsPerCell_CoverageCountsCells()
    {
        using var folder = TestFiles.NewFolder();
        var recipe = Stub.Recipe("archiveDepth=5", "labelMode=judged");
        var state = Stub.Run(recipe, folder, Stub.Parts(recipe, write: request => $"thou night {request.Number}"));
        Assert.Equal(1.0 / 6, new MapSummary(recipe, state, 7).Metrics["coverage"]);
        Assert.Equal(5, state.Archive.Kept(state.Archive.Single().Cell).Count);
    }

    [Fact]
    public void Defect09_JudgeNamesALabelNobodyKnows_IsACountedRejection()
    {
        using var folder = TestFiles.NewFolder();
        var recipe = Stub.Recipe("labelMode=judged");
        var state = Stub.Run(recipe, folder, Stub.Parts(recipe, write: _ => "night", genre: _ => "villanelle"));
        Assert.All(state.Events, one => Assert.Equal(RejectReason.NoLabel, one.Outcome.Reason));
        Assert.Equal(48, new MapSummary(recipe, state, 7).Metrics["rejected/no-label"]);
    }

    [Fact]
    public void Defect10_Crossover_TakesThreeTextsWithTheirLabels()
    {
        using var folder = TestFiles.NewFolder();
        var recipe = Stub.Recipe("operators=[{ kind: crossover, header: 'A {genre}: ', separator: ' # ' }]");
        var writer = new StubWriter(Stub.Write);
        var state = Stub.Run(recipe, folder, Stub.Parts(recipe, writer, new StubScorer(Stub.Score)));
        var crossed = state.Events.Where(one => one.Solution.Operator == "crossover").ToList();
        Assert.Equal(24, crossed.Count);
        foreach (var one in crossed)
        {
            Assert.Equal(3, one.Solution.Parents.Distinct().Count());
            var shown = one.Solution.Parents.Select(state.Find).Select(parent => $"A {parent.Requested[0]}: {parent.Text} # ");
            Assert.Equal(string.Concat(shown) + $"A {one.Solution.Requested[0]}:", writer.Requests[(int)one.Solution.Id].Prompt);
        }
    }

    [Fact]
    public void Defect11_TwoStepsUnderWay_OneIsWrittenWhileTheOtherIsScored()
    {
        using var folder = TestFiles.NewFolder();
        var recipe = Stub.Recipe("pipelineDepth=2", "totalSteps=6");
        using var secondIsWritten = new ManualResetEventSlim();
        var writer = new StubWriter(request =>
        {
            if (request.Number >= recipe.BatchSize)
            {
                secondIsWritten.Set();
            }
            return Stub.Write(request);
        });
        // Scoring the first step waits until the second is being written; one after the other it would wait in vain.
        var parts = Stub.Parts(recipe, writer, new StubScorer(Stub.Score));
        var waiting = parts with { Rewards = [new MapReward(recipe.TextRewards.First(), new WaitingScorer(secondIsWritten))] };
        Assert.Equal(24, Stub.Run(recipe, folder, waiting).Events.Count);
    }

    [Fact]
    public void Defect12_Parents_AreNeverChanged()
    {
        using var folder = TestFiles.NewFolder();
        var recipe = Stub.Recipe("totalSteps=40", "operators=[{ kind: crossover, choice: replace }, { kind: guided-rewrite, template: '{parent}' }]");
        var state = Stub.Run(recipe, folder);
        // What the log said when a text was new is what the text is at the end.
        foreach (var (solution, line) in state.Events.Select(one => one.Solution).Zip(Stub.Events(folder)))
        {
            var json = JsonNode.Parse(line)!;
            Assert.Equal((string)json["text"]!, solution.Text);
            Assert.Equal(json["parents"]!.AsArray().Select(id => (long)id!), solution.Parents);
            Assert.All(solution.Parents, parent => Assert.True(parent < solution.Id));   // so lines of descent have no circles
        }
    }

    [Fact]
    public void Defect13_EveryMapRecipeThatIsShipped_CanBeRead()
    {
        var recipes = Directory.GetFiles(Path.Combine(TestFiles.RepositoryRoot, "recipes"), "reward-map-*.yaml");
        Assert.NotEmpty(recipes);
        Assert.All(recipes, path => Assert.Equal(Path.GetFileNameWithoutExtension(path), RecipeReader.Read<MapRecipe>(path, []).Name));
    }

    [Fact]
    public void Defect14_Rejections_AreCountedByReason()
    {
        using var folder = TestFiles.NewFolder();
        var recipe = Stub.Recipe("dropDuplicates=true", "labelMode=judged");
        string[] texts = ["", " \n ", "thou night", "Thou  NIGHT", "frog"];   // empty twice, a text and its copy, one without a tone
        var state = Stub.Run(recipe, folder, Stub.Parts(recipe, write: request => texts[(int)Math.Min(request.Number, 4)]));
        var metrics = new MapSummary(recipe, state, 7).Metrics;
        Assert.Equal((2, 1, 47), (metrics["rejected/empty"], metrics["rejected/no-label"], metrics["rejected"]));
        Assert.Equal(44, metrics["rejected/duplicate"]);
    }

    [Fact]
    public void Defect15_DepthAndEmptyArchives_AreUsedAndSurvived()
    {
        using var folder = TestFiles.NewFolder();
        // Nothing is ever accepted: operators that need a parent ask for random texts instead.
        var recipe = Stub.Recipe("archiveDepth=2");
        var state = Stub.Run(recipe, folder, Stub.Parts(recipe, score: _ => double.NaN));
        Assert.All(state.Events, one => Assert.Equal("random", one.Solution.Operator));

        using var full = new TemporaryFolder("full");
        state = Stub.Run(recipe, full);
        MapFiles.Write(full.Path, new MapSummary(recipe, state, 7));
        foreach (var cell in state.Events.GroupBy(one => one.Outcome.Cell!.Value))
        {
            var best = cell.OrderByDescending(one => one.Solution.Rewards[0]).Take(2).Select(one => one.Solution.Id);
            Assert.Equal(best, state.Archive.Kept(cell.Key).Select(elite => elite.Solution.Id));
        }
        Assert.Contains("haiku,happy,2,", File.ReadAllText(full.File("archive.csv")), StringComparison.Ordinal);
        Assert.Contains("haiku", File.ReadAllText(full.File("map.svg")), StringComparison.Ordinal);
    }

    private static string[] Labels(MapState state, int cell) => [.. state.Archive.BinsOf(cell).Select((bin, axis) => state.Axes[axis].Bins.Labels[bin])];

    private sealed class WaitingScorer(ManualResetEventSlim signal) : Training.Rewards.IScorer
    {
        public async Task<IReadOnlyList<double>> ScoreAsync(IReadOnlyList<Training.Rewards.ScoreRequest> requests, IProgress<double>? progress, CancellationToken cancellationToken)
        {
            await Task.Run(() => signal.Wait(cancellationToken), cancellationToken);
            return [.. requests.Select(request => Stub.Score(request.Completion.Text))];
        }

        public void Dispose()
        {
        }
    }
}
