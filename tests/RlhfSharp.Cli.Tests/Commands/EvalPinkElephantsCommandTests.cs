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
        string[] names = ["mention_rate", "mention_rate_uninstructed", "on_topic", "other_entity", "well_formed", "reward", "length", "distinct_2", "judge_perplexity_ratio"];
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

    [Fact]
    public void Run_AnEndpoint_ScoresItsAnswersAndAsksForNothingTwice()
    {
        using var folder = TestFiles.NewFolder();
        using var server = new FakeEndpoint(request => FakeReply.Of($"<think>I must not say mango.</think>You said: {request.Question}"));
        string[] command =
        [
            "eval", "pink-elephants", "--endpoint", server.Url, "--endpoint-model", "fake", "--transcript", folder.File("transcript.jsonl"), "--temperature", "0.5",
            "--max-new-tokens", "33", "--dialogues", "60", "--out", folder.File("answers.jsonl"), "--json",
        ];
        var result = Rlhf.Run(command);

        Assert.True(result.ExitCode == ExitCodes.Done, result.Error);
        // This model repeats the question: it names the thing where the question does, and always where nothing forbids it.
        Assert.InRange(result.Json.GetProperty("metrics").GetProperty("mention_rate").GetDouble(), 0.2, 0.8);
        Assert.Equal(1, result.Json.GetProperty("metrics").GetProperty("mention_rate_uninstructed").GetDouble());
        Assert.All(File.ReadAllLines(folder.File("answers.jsonl")), line => Assert.StartsWith("You said: ", JsonNode.Parse(line)!["answer"]!.GetValue<string>(), StringComparison.Ordinal));
        Assert.Equal(60, server.Requests.Count);
        Assert.All(server.Requests, request => Assert.Equal((0.5, 33), Sampling(request.Body)));

        Assert.Equal(result.Json.GetRawText(), Rlhf.Run(command).Json.GetRawText());
        Assert.Equal(60, server.Requests.Count);
        Assert.Equal(ExitCodes.Done, Rlhf.Run([.. command, "--seed", "1"]).ExitCode);
        Assert.Equal(120, server.Requests.Count);

        static (double, int) Sampling(string body)
        {
            var json = JsonNode.Parse(body)!;
            return (json["temperature"]!.GetValue<double>(), (json["max_completion_tokens"] ?? json["max_tokens"])!.GetValue<int>());
        }
    }

    [Fact]
    public void Run_AnEndpointThatRefuses_IsAClearErrorAndKeepsWhatWasAnswered()
    {
        using var folder = TestFiles.NewFolder();
        using var server = new FakeEndpoint(request => request.Number <= 5 ? FakeReply.Of("Fine.") : new FakeReply(401, """{"error":{"message":"No such key."}}"""));
        var result = Rlhf.Run(
            "eval", "pink-elephants", "--endpoint", server.Url, "--endpoint-model", "fake", "--transcript", folder.File("transcript.jsonl"), "--concurrency", "1");

        Assert.Equal(ExitCodes.Error, result.ExitCode);
        Assert.Contains("401", result.Error, StringComparison.Ordinal);
        Assert.Equal(5, File.ReadAllLines(folder.File("transcript.jsonl")).Length);
    }

    [Fact]
    public void Run_OwnDialogues_ScoresTheirPart()
    {
        using var folder = TestFiles.NewFolder();
        var set = OwnDialogues.Write(folder);
        using var server = new FakeEndpoint("Snails are slow, and oysters are not.");
        var result = Rlhf.Run(
            "eval", "pink-elephants", "--data", set, "--split", "validation", "--endpoint", server.Url, "--endpoint-model", "fake", "--transcript", folder.File("t.jsonl"), "--json");

        Assert.True(result.ExitCode == ExitCodes.Done, result.Error);
        Assert.Equal(1, result.Json.GetProperty("metrics").GetProperty("mention_rate").GetDouble());
        Assert.False(result.Json.GetProperty("metrics").TryGetProperty("well_formed", out _));   // nobody knows a grammar of these
        Assert.Single(server.Requests);
    }

    [Fact]   // white space around an answer is the format's, not the model's
    public void Run_AnswersThatAreTheGoodOnes_JudgeFindsThemAsLikelyAsThose()
    {
        using var folder = TestFiles.NewFolder();
        using var server = new FakeEndpoint($" The {OwnDialogues.Prefer["evaluation"]}.\n");
        var result = Rlhf.Run(
            "eval", "pink-elephants", "--data", OwnDialogues.Write(folder), "--endpoint", server.Url, "--endpoint-model", "fake", "--transcript", folder.File("t.jsonl"),
            "--judge", TinyExperiment.WriteCheckpoint(folder), "--json");

        Assert.True(result.ExitCode == ExitCodes.Done, result.Error);
        Assert.Equal(1, result.Json.GetProperty("metrics").GetProperty("judge_perplexity_ratio").GetDouble());
    }

    [Theory]
    [InlineData("validation", "train")]
    [InlineData("evaluation", "train")]
    [InlineData("evaluation", "validation")]
    public void Run_OwnDialoguesWhosePartsShareAPair_IsAClearError(string part, string other)
    {
        using var folder = TestFiles.NewFolder();
        var set = OwnDialogues.Write(folder);
        File.Copy(Path.Combine(set, $"{other}.jsonl"), Path.Combine(set, $"{part}.jsonl"), overwrite: true);
        var message = Rlhf.Run("eval", "pink-elephants", "--data", set, "--model", "tiny-world/dialogues").AssertFailed(ExitCodes.Error);
        Assert.Equal(
            $"error: '{Path.Combine(set, $"{part}.jsonl")}': row '{other}' is about {OwnDialogues.Avoid} and {OwnDialogues.Prefer[other]}, and so is {other}.jsonl. Each pair of things belongs to one file.",
            message);
    }

    [Fact]   // answers are kept under the id of their dialogue
    public void Run_OwnDialoguesOfWhichTwoHaveOneId_IsAClearError()
    {
        using var folder = TestFiles.NewFolder();
        var set = OwnDialogues.Write(folder);
        var file = Path.Combine(set, "evaluation.jsonl");
        File.WriteAllText(file, File.ReadAllText(file).Replace("\"id\":\"evaluation\"", "\"id\":\"train\"", StringComparison.Ordinal));
        var message = Rlhf.Run("eval", "pink-elephants", "--data", set, "--model", "tiny-world/dialogues").AssertFailed(ExitCodes.Error);
        Assert.Equal($"error: '{set}': the id 'train' occurs 2 times. Each dialogue has an id of its own, over all files.", message);
    }

    [Theory]
    [InlineData(ExitCodes.Error, "there", "--model", "no-model-there")]
    [InlineData(ExitCodes.WrongUsage, "--dialogues is -1; it must be 0 or more", "--model", "m", "--dialogues", "-1")]
    [InlineData(ExitCodes.WrongUsage, "--beta is -1; it must be 0 or more", "--model", "m", "--beta", "-1")]
    [InlineData(ExitCodes.WrongUsage, "Give --model for a checkpoint or a run, or --endpoint", "--dialogues", "3")]
    [InlineData(ExitCodes.WrongUsage, "not both", "--model", "m", "--endpoint", "http://localhost:1/v1", "--endpoint-model", "n", "--transcript", "t.jsonl")]
    [InlineData(ExitCodes.WrongUsage, "--endpoint-model is missing", "--endpoint", "http://localhost:1/v1")]
    [InlineData(ExitCodes.WrongUsage, "--endpoint needs --transcript FILE", "--endpoint", "http://localhost:1/v1", "--endpoint-model", "n")]
    [InlineData(ExitCodes.WrongUsage, "--beta is about local models", "--endpoint", "http://localhost:1/v1", "--endpoint-model", "n", "--transcript", "t.jsonl", "--beta", "1")]
    [InlineData(ExitCodes.WrongUsage, "--transcript is about a language model's answers", "--model", "m", "--transcript", "t.jsonl")]
    [InlineData(ExitCodes.Error, "train.jsonl", "--model", "m", "--data", "no-folder")]
    public void Run_BadInput_IsAClearError(int exitCode, string message, params string[] options)
    {
        var result = Rlhf.Run(["eval", "pink-elephants", .. options]);

        Assert.Equal(exitCode, result.ExitCode);
        Assert.Contains(message, result.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", result.Error, StringComparison.Ordinal);
    }
}
