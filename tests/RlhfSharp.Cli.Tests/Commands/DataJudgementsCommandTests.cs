using System.Text.Json.Nodes;
using RlhfSharp.Cli.Tests.Support;

namespace RlhfSharp.Cli.Tests.Commands;

[NoTensorLeak]
public sealed class DataJudgementsCommandTests
{
    [Fact]
    public void Run_Pairs_AreRowsThatARewardModelReads()
    {
        using var folder = TestFiles.NewFolder();
        var result = Rlhf.Run("data", "judgements", "--out", folder.File("made"), "--pairs", "30", "--json");

        Assert.True(result.ExitCode == ExitCodes.Done, result.Error);
        var (train, heldOut) = (Rows(folder.File("made", "train.jsonl")), Rows(folder.File("made", "held-out.jsonl")));
        Assert.Equal(result.Json.GetProperty("train").GetInt32(), train.Count);
        Assert.Equal(result.Json.GetProperty("heldOut").GetInt32(), heldOut.Count);
        Assert.InRange(train.Count, 25, 30);
        Assert.All(train.Concat(heldOut), row => Assert.Equal(["id", "prompt", "chosen", "rejected", "score_chosen", "score_rejected"], row.Select(column => column.Key)));
        Assert.All(train.Concat(heldOut), row => Assert.True((double)row["score_chosen"]! > (double)row["score_rejected"]!));
        Assert.All(heldOut, row => Assert.StartsWith("validation-", (string)row["id"]!, StringComparison.Ordinal));
    }

    [Fact]
    public void Run_Again_WritesTheSame_AndNeedsOverwrite()
    {
        using var folder = TestFiles.NewFolder();
        string[] arguments = ["data", "judgements", "--out", folder.Path, "--pairs", "6", "--seed", "4"];
        Assert.Equal(ExitCodes.Done, Rlhf.Run(arguments).ExitCode);
        var first = File.ReadAllText(folder.File("train.jsonl"));

        Assert.Contains("Replace it by --overwrite", Rlhf.Run(arguments).AssertFailed(ExitCodes.Error), StringComparison.Ordinal);
        Assert.Equal(ExitCodes.Done, Rlhf.Run([.. arguments, "--overwrite"]).ExitCode);
        Assert.Equal(first, File.ReadAllText(folder.File("train.jsonl")));
    }

    [Theory]
    [InlineData("2")]
    [InlineData("62401")]
    public void Run_PairsThatThereAreNot_IsWrongUsage(string pairs)
    {
        using var folder = TestFiles.NewFolder();
        Assert.Equal(ExitCodes.WrongUsage, Rlhf.Run("data", "judgements", "--out", folder.Path, "--pairs", pairs).ExitCode);
    }

    private static List<JsonObject> Rows(string file) => [.. File.ReadAllLines(file).Select(line => JsonNode.Parse(line)!.AsObject())];
}
