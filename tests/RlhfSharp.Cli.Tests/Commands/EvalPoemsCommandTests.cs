using System.Text.Json.Nodes;
using RlhfSharp.Cli.Tests.Support;

namespace RlhfSharp.Cli.Tests.Commands;

[NoTensorLeak]
public sealed class EvalPoemsCommandTests
{
    [Fact]
    public void Run_AModel_ScoresItAndKeepsItsPoems()
    {
        using var folder = TestFiles.NewFolder();
        var model = TinyExperiment.WriteCheckpoint(folder, context: 1024);
        var result = Rlhf.Run("eval", "poems", "--model", model, "--poems", "1", "--max-new-tokens", "10", "--out", folder.File("poems.jsonl"), "--json");

        Assert.True(result.ExitCode == ExitCodes.Done, result.Error);
        var json = JsonNode.Parse(result.Output.TrimEnd().Split('\n')[^1])!;
        string[] names =
        [
            "form", "form/haiku", "form/sonnet", "form/ballad", "form/limerick", "form/hymn", "tone", "tone/happy", "tone/dark", "tone/mysterious", "tone/romantic", "tone/reflective",
            "rewritten/form", "rewritten/tone", "rewritten/subject", "distinct_2", "distinct_2_of_grammar",
        ];
        Assert.Equal(names, json["metrics"]!.AsObject().Select(metric => metric.Key));
        Assert.Equal(0, json["metrics"]!["form"]!.GetValue<double>());   // an untrained model writes no poems
        Assert.Equal(2, json["intervals"]!["form"]!.AsArray().Count);
        var poems = File.ReadAllLines(folder.File("poems.jsonl")).Select(line => JsonNode.Parse(line)!).ToList();
        Assert.Equal(50, poems.Count);
        Assert.Equal(25, poems.Count(poem => poem["subject"] is null));
        Assert.All(["haiku", "sonnet", "ballad", "limerick", "hymn"], genre => Assert.Equal(10, poems.Count(poem => poem["genre"]!.GetValue<string>() == genre)));
    }

    [Fact]
    public void Run_NoSuchModel_SaysSo() =>
        Assert.Contains("no-such-model", Rlhf.Run("eval", "poems", "--model", "no-such-model").AssertFailed(ExitCodes.Error), StringComparison.Ordinal);
}
