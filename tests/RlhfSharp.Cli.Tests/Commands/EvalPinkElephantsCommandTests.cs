using System.Text.Json.Nodes;
using RlhfSharp.Cli.Tests.Support;

namespace RlhfSharp.Cli.Tests.Commands;

[NoTensorLeak]
public sealed class EvalPinkElephantsCommandTests
{
    [Fact]
    public void Run_AModel_ScoresItAndKeepsItsAnswers()
    {
        using var folder = TestFiles.NewFolder();
        var model = TinyExperiment.WriteCheckpoint(folder, context: 1024);
        var result = Rlhf.Run("eval", "pink-elephants", "--model", model, "--judge", model, "--dialogues", "20", "--max-new-tokens", "10", "--out", folder.File("answers.jsonl"), "--json");

        Assert.True(result.ExitCode == ExitCodes.Done, result.Error);
        var json = JsonNode.Parse(result.Output.TrimEnd().Split('\n')[^1])!;
        string[] names = ["mention_rate", "mention_rate_uninstructed", "on_topic", "other_entity", "well_formed", "length", "distinct_2", "judge_perplexity_ratio"];
        Assert.Equal(names, json["metrics"]!.AsObject().Select(metric => metric.Key));
        Assert.Equal(2, json["intervals"]!["mention_rate"]!.AsArray().Count);
        var answers = File.ReadAllLines(folder.File("answers.jsonl")).Select(line => JsonNode.Parse(line)!).ToList();
        Assert.Equal(20, answers.Count);
        Assert.All(answers, answer => Assert.NotNull(answer["answer"]));
    }

    [Fact]
    public void Run_Twice_GivesTheSameAnswers()
    {
        using var folder = TestFiles.NewFolder();
        var model = TinyExperiment.WriteCheckpoint(folder, context: 1024);
        string Answers(string file)
        {
            Assert.Equal(ExitCodes.Done, Rlhf.Run("eval", "pink-elephants", "--model", model, "--dialogues", "10", "--max-new-tokens", "10", "--out", folder.File(file)).ExitCode);
            return File.ReadAllText(folder.File(file));
        }

        Assert.Equal(Answers("one.jsonl"), Answers("two.jsonl"));
    }

    [Theory]
    [InlineData(ExitCodes.Error, "there", "--model", "no-model-there")]
    [InlineData(ExitCodes.WrongUsage, "--dialogues must be 0 or more", "--model", "m", "--dialogues", "-1")]
    [InlineData(ExitCodes.WrongUsage, "--beta must be 0 or more", "--model", "m", "--beta", "-1")]
    [InlineData(ExitCodes.WrongUsage, "--model", "--dialogues", "3")]
    public void Run_BadInput_IsAClearError(int exitCode, string message, params string[] options)
    {
        var result = Rlhf.Run(["eval", "pink-elephants", .. options]);

        Assert.Equal(exitCode, result.ExitCode);
        Assert.Contains(message, result.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", result.Error, StringComparison.Ordinal);
    }
}
