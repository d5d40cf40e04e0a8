using CsCheck;
using RlhfSharp.Experiments.RewardMaps;
using RlhfSharp.Training.Rewards;

namespace RlhfSharp.Experiments.Tests.RewardMaps;

public sealed class FirstLinesTests
{
    [Theory]
    [InlineData("one\ntwo\nthree", 12, "one\ntwo")]
    [InlineData("one\ntwo\nthree", 7, "one\ntwo")]
    [InlineData("one\ntwo\nthree", 6, "one")]
    [InlineData("one\n\n  two\nthree", 8, "one")]      // no empty lines at the end
    [InlineData("one two three\nfour", 9, "one two")]   // not even a line fits: words of it
    [InlineData("one two three", 2, null)]
    public void Of_Text_IsTheLongestBeginningThatFits(string text, int room, string? expected) => Assert.Equal(expected, FirstLines.Of(text, part => part.Length <= room));

    [Fact]
    public void Of_AnyText_IsWhatTryingOneLineMoreEachTimeGives() =>
        Gen.Select(Gen.String[Gen.Char["ab \n"], 2, 60], Gen.Int[0, 40]).Where(one => one.Item1.Trim().Length > one.Item2).Sample((any, room) =>
        {
            var text = any.Trim();
            string? Longest(char[] separators) => Enumerable.Range(1, text.Length - 1).Where(length => separators.Contains(text[length]))
                .Select(length => text[..length].TrimEnd()).LastOrDefault(part => part.Length <= room);
            Assert.Equal(Longest(['\n']) ?? Longest([' ', '\n']), FirstLines.Of(text, part => part.Length <= room));
        });

    // 20 characters with the request to rate it: the request stays, the poem is cut.
    [Fact]
    public void Map_TextsOverTheContext_AreScoredOnTheirFirstLinesAndCounted()
    {
        using var folder = TestFiles.NewFolder();
        var rows = new (string?, string?, string)[] { ("ode", null, "short"), ("ode", null, "first line\nsecond line\nthird"), ("sonnet", null, "brief"), ("sonnet", null, "one\ntwo") };
        var recipe = KnownTexts.Recipe(folder, rows, "axes[0].fewestTexts=2", "rewards[0].template=suffix", "rewards[0].suffix=Rate it.");
        var (limited, other) = (new ShortScorer(20), new StubScorer(text => text.Length));
        var summary = KnownTexts.Run(recipe, folder.File("run"), [limited, other]);

        Assert.Equal(["short\nRate it.", "first line\nRate it.", "brief\nRate it.", "one\ntwo\nRate it."], limited.Read);
        Assert.Equal((1, 0), (summary.Metrics["cut"], summary.Metrics["cut/b"]));
        Assert.Equal([[], ["a"], [], []], summary.State.Events.Select(one => one.Solution.Cut));
        Assert.Equal("first line\nsecond line\nthird", summary.State.Events[1].Solution.Text);   // the map keeps the whole text
        var lines = File.ReadAllLines(Path.Combine(folder.File("run"), MapRun.EventsName));
        Assert.Equal([false, true, false, false], lines.Select(line => line.Contains("\"cut\":[\"a\"]", StringComparison.Ordinal)));
        Assert.Equal(1, MapFiles.ToJson(summary)["cells"]!.AsArray().Sum(cell => (int)cell!["cut"]!));
        Assert.Equal(1, new MapSummary(summary.Recipe, MapRun.Fold(summary.Recipe, lines), 7).Metrics["cut"]);
    }

    private sealed class ShortScorer(int room) : IScorer
    {
        public List<string> Read { get; } = [];

        public bool ReadsWhole(ScoreRequest request) => request.Completion.Text.Length <= room;

        public Task<IReadOnlyList<double>> ScoreAsync(IReadOnlyList<ScoreRequest> requests, IProgress<double>? progress, CancellationToken cancellationToken)
        {
            Read.AddRange(requests.Select(request => request.Completion.Text));
            return Task.FromResult<IReadOnlyList<double>>([.. requests.Select(request => (double)request.Completion.Text.Length)]);
        }

        public void Dispose()
        {
        }
    }
}
