using CsCheck;
using RlhfSharp.Experiments.RewardMaps;
using RlhfSharp.Models.Runtime;

namespace RlhfSharp.Experiments.Tests.RewardMaps;

public sealed class MapOperatorTests
{
    [Fact]
    public void GuidedRewrite_Prompt_HoldsTheParentAndBothLabels()
    {
        using var folder = TestFiles.NewFolder();
        var writer = new StubWriter(Stub.Write);
        var recipe = Stub.Recipe();
        var state = Stub.Run(recipe, folder, Stub.Parts(recipe, writer, new StubScorer(Stub.Score), judges: false));
        foreach (var one in state.Events.Skip(24).Select(one => one.Solution))
        {
            var parent = state.Find(one.Parents.Single());
            var expected = $"{parent.Text}|Make this {parent.Requested[1]} {parent.Requested[0]} a {one.Requested[1]} {one.Requested[0]}.";
            Assert.Equal(expected, writer.Requests[(int)one.Id].Prompt);
        }
    }

    [Fact]
    public void Rewrite_Target_IsTheParentsOwn()
    {
        using var folder = TestFiles.NewFolder();
        var state = Stub.Run(Stub.Recipe("operators=[{ kind: rewrite, template: '{parent} once more' }]"), folder);
        Assert.All(state.Events.Skip(24).Select(one => one.Solution), one => Assert.Equal(state.Find(one.Parents.Single()).Requested, one.Requested));
    }

    [Fact]
    public void Directional_Target_IsOneBinAwayAndTheWordsSayWhich()
    {
        using var folder = TestFiles.NewFolder();
        var writer = new StubWriter(Stub.Write);
        var recipe = Stub.Recipe("operators=[{ kind: directional, template: '{directions}' }]", "axes[2]={ kind: length, name: length, ticks: [5, 10] }");
        var state = Stub.Run(recipe, folder, Stub.Parts(recipe, writer, new StubScorer(Stub.Score)));
        foreach (var one in state.Events.Skip(24).Select(one => one.Solution))
        {
            var parent = state.Archive.BinsOf(state.Events[(int)one.Parents.Single()].Outcome.Cell!.Value);
            Assert.Equal(parent[0] == 0 ? "sonnet" : "haiku", one.Requested[0]);
            Assert.Equal(parent[1] != 1, one.Requested[1] == "dark");   // from the middle it leaves, from the ends it comes
            Assert.Null(one.Requested[2]);
            var words = writer.Requests[(int)one.Id].Prompt.Split("; ");
            Assert.Equal($"genre: {one.Requested[0]} instead of {(parent[0] == 0 ? "haiku" : "sonnet")}", words[0]);
            Assert.Contains(words[2], (string[])["length: more", "length: less"]);
        }
    }

    // Two genres × three tones in a row of cells: with d bins between them a cell is drawn with a weight of 1 / (1 + d³).
    [Fact]
    public void Weighted_ManyDraws_FollowTheWeights()
    {
        var random = new NamedRandom(0, "weights");
        var counts = new int[3];
        for (var i = 0; i < 30_000; i++)
        {
            counts[Weighted.Draw([1, 0.5, 0.5], random)]++;
        }
        Assert.InRange(counts[0], 14_600, 15_400);
        Assert.InRange(counts[1], 7_200, 7_800);
    }

    [Fact]
    public void Targets_FewestEvaluations_AreEqualAtAnyPipelineDepth() => Gen.Int[1, 6].Sample(depth =>
    {
        using var folder = new TemporaryFolder("fewest");
        var state = Stub.Run(Stub.Recipe("targets=fewest-evaluations", $"pipelineDepth={depth}"), folder);
        Assert.All(state.Events.CountBy(one => string.Join('/', one.Solution.Requested)), target => Assert.Equal(8, target.Value));   // 48 of 6
    }, iter: 6, threads: 1);

    [Fact]
    public void Targets_MostPromising_AreThoseWhoseTextsBecomeElites()
    {
        using var folder = TestFiles.NewFolder();
        var recipe = Stub.Recipe("targets=most-promising", "totalSteps=100", "startSteps=100");
        var next = 0;
        // Only dark sonnets get better and better.
        var state = Stub.Run(recipe, folder, Stub.Parts(recipe, write: request => request.Prompt.Contains("dark sonnet", StringComparison.Ordinal) ? $"{next++}" : "same", score: text => text == "same" ? -1 : int.Parse(text)));
        var counts = state.Events.CountBy(one => string.Join(' ', one.Solution.Requested)).OrderByDescending(target => target.Value).ToList();
        Assert.Equal("sonnet dark", counts[0].Key);
        Assert.True(counts[0].Value > 2 * counts[1].Value);
        Assert.Equal(6, counts.Count);
    }

    [Fact]
    public void Parents_Curiosity_AreOfCellsWhoseChildrenBecameElites()
    {
        using var folder = TestFiles.NewFolder();
        var recipe = Stub.Recipe("parents=curiosity", "totalSteps=100", "operators=[{ kind: rewrite, template: '{parent.genre} {parent.tone}' }]", "targets=fewest-evaluations");
        var next = 0;
        var state = Stub.Run(recipe, folder, Stub.Parts(recipe, judges: false, write: request => request.Prompt == "sonnet dark" ? $"{next++}" : "same", score: text => text == "same" ? -1 : int.Parse(text)));
        var counts = state.Events.Skip(24).CountBy(one => string.Join(' ', one.Solution.Requested)).OrderByDescending(target => target.Value).ToList();
        Assert.Equal("sonnet dark", counts[0].Key);
        Assert.True(counts[0].Value > 300);   // of 376
    }

    [Fact]
    public void Templates_BracesInAText_StayAsTheyAre() =>
        Assert.Equal("{tone} dark {} {x y}", PromptTemplate.Render("{parent} {tone} {} {x y}", name => name == "parent" ? "{tone}" : "dark"));
}
