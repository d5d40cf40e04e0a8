using System.Text.Json.Nodes;
using RlhfSharp.Cli.Tests.Support;
using RlhfSharp.Experiments.Poems;

namespace RlhfSharp.Cli.Tests.Commands;

public sealed class DataTasteCommandTests
{
    [Fact]
    public void Run_Pairs_AreRowsThatARewardModelReads()
    {
        using var folder = TestFiles.NewFolder();
        var result = Rlhf.Run("data", "taste", "--out", folder.File("made", "taste.jsonl"), "--pairs", "30", "--json");

        Assert.True(result.ExitCode == ExitCodes.Done, result.Error);
        Assert.Equal(30, result.Json.GetProperty("pairs").GetInt32());
        var rows = File.ReadAllLines(folder.File("made", "taste.jsonl")).Select(line => JsonNode.Parse(line)!.AsObject()).ToList();
        Assert.Equal(30, rows.Count);
        Assert.All(rows, row => Assert.Equal(["prompt", "chosen", "rejected"], row.Select(column => column.Key)));
        Assert.All(rows, row => Assert.NotEqual(row["chosen"]!.GetValue<string>(), row["rejected"]!.GetValue<string>()));
    }

    [Fact]
    public void Run_Tastes_LieBesideTheirPairsAndDecideThem()
    {
        using var folder = TestFiles.NewFolder();
        string[] Arguments(string name, params string[] more) => ["data", "taste", "--out", folder.File($"{name}.jsonl"), "--pairs", "40", .. more];
        var result = Rlhf.Run([.. Arguments("drawn", "--draw", "2"), "--json"]);
        Assert.True(result.ExitCode == ExitCodes.Done, result.Error);
        Assert.Equal(folder.File("drawn.planted.yaml"), result.Json.GetProperty("planted").GetString());
        Assert.Equal(PlantedTaste.Draw(2).Tones, PlantedTaste.Read(folder.File("drawn.planted.yaml")).Tones);

        Assert.Equal(ExitCodes.Done, Rlhf.Run(Arguments("again", "--taste", folder.File("drawn.planted.yaml"))).ExitCode);
        Assert.Equal(File.ReadAllText(folder.File("drawn.jsonl")), File.ReadAllText(folder.File("again.jsonl")));
        Assert.Equal(ExitCodes.Done, Rlhf.Run(Arguments("own")).ExitCode);
        Assert.Equal(PlantedTaste.BuiltIn.Genres, PlantedTaste.Read(folder.File("own.planted.yaml")).Genres);
        Assert.NotEqual(File.ReadAllText(folder.File("drawn.jsonl")), File.ReadAllText(folder.File("own.jsonl")));

        Assert.Contains("--draw makes a taste and --taste names one", Rlhf.Run(Arguments("both", "--draw", "1", "--taste", "x")).AssertFailed(ExitCodes.WrongUsage), StringComparison.Ordinal);
        Assert.Contains("nowhere.yaml' does not exist", Rlhf.Run(Arguments("none", "--taste", "nowhere.yaml")).AssertFailed(ExitCodes.Error), StringComparison.Ordinal);
        Assert.False(File.Exists(folder.File("none.jsonl")));
    }

    [Fact]
    public void Run_FileExists_NeedsOverwrite()
    {
        using var folder = TestFiles.NewFolder();
        string[] arguments = ["data", "taste", "--out", folder.File("taste.jsonl"), "--pairs", "2"];
        Assert.Equal(ExitCodes.Done, Rlhf.Run(arguments).ExitCode);

        Assert.Contains("Replace it by --overwrite", Rlhf.Run(arguments).AssertFailed(ExitCodes.Error), StringComparison.Ordinal);
        Assert.Equal(ExitCodes.Done, Rlhf.Run([.. arguments, "--overwrite"]).ExitCode);
    }
}
