using System.Text.Json.Nodes;
using RlhfSharp.Cli.Tests.Support;
using RlhfSharp.Models;
using RlhfSharp.Models.Architectures;
using RlhfSharp.Models.Checkpoints;
using RlhfSharp.Models.Tokenization;
using TorchSharp;
using static TorchSharp.torch;

namespace RlhfSharp.Cli.Tests.Commands;

public sealed class ScoreCommandTests
{
    private const string Preferences = """
        {"id": "a", "prompt": "abc", "chosen": "de", "rejected": "ba"}
        {"id": "b", "prompt": [{"role": "user", "content": "ab"}], "chosen": [{"role": "assistant", "content": "c"}], "rejected": [{"role": "assistant", "content": "dd"}]}
        """;

    [Fact]
    public void Run_Preferences_WritesScoresAndAccuracy()
    {
        using var folder = TestFiles.NewFolder();
        var model = RewardModel(folder, labels: 1, template: null);
        File.WriteAllText(folder.File("rows.jsonl"), Preferences);

        var json = Json("--model", model, "--input", folder.File("rows.jsonl"), "--format", "plain", "--output", folder.File("out.jsonl"));

        var scores = json["scores"]!.AsArray().Select(row => row!.AsArray().Select(value => (double)value!).ToArray()).ToList();
        Assert.Equal(2, scores.Count);
        Assert.Equal(scores.Count(pair => pair[0] > pair[1]) / 2.0, (double)json["accuracy"]!);
        Assert.Equal(2, json["intervals"]!["accuracy"]!.AsArray().Count);
        var lines = File.ReadAllLines(folder.File("out.jsonl")).Select(line => JsonNode.Parse(line)!).ToList();
        Assert.Equal(new[] { "a", "b" }, lines.Select(line => (string)line["id"]!));
        Assert.Equal(scores[1], new[] { (double)lines[1]["chosen"]!, (double)lines[1]["rejected"]! });
        Assert.Equal(Direct(model, "abcde"), scores[0][0], 1e-5);
        Assert.Equal(Direct(model, "abdd"), scores[1][1], 1e-5);
    }

    [Fact]
    public void Run_Texts_HaveNoAccuracy()
    {
        using var folder = TestFiles.NewFolder();
        var model = RewardModel(folder, labels: 2, template: null);
        File.WriteAllText(folder.File("rows.jsonl"), """{"text": "abc"}""");

        var json = Json("--model", model, "--input", folder.File("rows.jsonl"), "--format", "plain", "--label", "1");

        Assert.Null(json["accuracy"]);
        Assert.Equal(Direct(model, "abc", label: 1), (double)json["scores"]![0]!, 1e-5);
    }

    [Fact]
    public void Run_TokenizerWithATemplate_ScoresWhatItDescribes()
    {
        using var folder = TestFiles.NewFolder();
        const string ChatMl =
            "{% for message in messages %}{{'<|im_start|>' + message['role'] + '\n' + message['content'] + '<|im_end|>' + '\n'}}{% endfor %}{% if add_generation_prompt %}{{ '<|im_start|>assistant\n' }}{% endif %}";
        var model = RewardModel(folder, labels: 1, ChatMl);
        File.WriteAllText(folder.File("rows.jsonl"), Preferences.Split('\n')[1]);

        var json = Json("--model", model, "--input", folder.File("rows.jsonl"));

        Assert.Equal(Direct(model, "<|im_start|>user\nab<|im_end|>\n<|im_start|>assistant\nc<|im_end|>\n"), (double)json["scores"]![0]![0]!, 1e-5);
    }

    // DeBERTa's own tokenizer, as its base checkpoint has it, and nothing said about the format.
    [Fact]
    public void Run_Encoder_ReadsPairsBetweenItsMarkers()
    {
        using var folder = TestFiles.NewFolder();
        using var scope = NewDisposeScope();
        var path = folder.File("encoder");
        var config = JsonNode.Parse(File.ReadAllText(Path.Combine(TestFiles.Fixtures, "models", "deberta_v3", ConfigFile.FileName)))!.AsObject();
        config["vocab_size"] = 128_100;
        config["initializer_range"] = 0.5;
        using var model = SequenceClassifier.Create(ArchitectureRegistry.Read(new ConfigFile(config, "here")), seed: 1, ScalarType.Float32, CPU);
        Checkpoint.Save(model, path);
        File.Copy(TestFiles.SharedData("deberta-v3-tokenizer", "spm.model"), Path.Combine(path, "spm.model"));
        File.WriteAllText(folder.File("rows.jsonl"), """{"prompt": [{"role": "user", "content": "How are you?"}], "completion": [{"role": "assistant", "content": "Fine, thanks."}]}""");

        var json = Json("--model", path, "--input", folder.File("rows.jsonl"));

        var tokenizer = TokenizerLoader.Load(path);
        var ids = tokenizer.Encode("[CLS]How are you?[SEP]Fine, thanks.[SEP]");
        Assert.Equal((1, 2, 2), (ids[0], ids[^1], tokenizer.SepId));
        Assert.Equal(model.Scores([ids])[0, 0].ToDouble(), (double)json["scores"]![0]!, 1e-4);
    }

    [Theory]
    [InlineData("{\"text\": \"abc\"}", null, 1, null, "Neither the reward model nor its tokenizer says how a dialogue is written out. Name the format.")]
    [InlineData("{\"text\": \"abc\"}", "plane", 1, null, "There is no format 'plane' for reward models. Did you mean 'plain'?")]
    [InlineData("{\"text\": \"abc\"}", "pair", 1, null, "names no cls_token and sep_token")]
    [InlineData("{\"text\": \"abc\"}", "plain", 3, null, "gives 3 scores. Choose one of the labels 0 to 2.")]
    [InlineData("{\"text\": \"abc\"}", "plain", 3, "3", "has the labels 0 to 2, not 3.")]
    [InlineData("{\"prompt\": \"abc\"}", "plain", 1, null, "holds a prompt and no answer: there is nothing to score")]
    public void Run_BadRequest_IsNamed(string row, string? format, int labels, string? label, string message)
    {
        using var folder = TestFiles.NewFolder();
        var model = RewardModel(folder, labels, template: null);
        File.WriteAllText(folder.File("rows.jsonl"), row);
        string[] more = [.. format is null ? Array.Empty<string>() : ["--format", format], .. label is null ? Array.Empty<string>() : ["--label", label]];

        var (exitCode, _, error) = Run(["score", "--model", model, "--input", folder.File("rows.jsonl"), .. more]);

        Assert.Equal(ExitCodes.Error, exitCode);
        Assert.Contains(message, error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", "Give --model for a checkpoint or a run, or --endpoint for a server.")]
    [InlineData("--model m --endpoint http://localhost:1", "not both")]
    [InlineData("--model m --records r", "--records is about a server; name one by --endpoint.")]
    [InlineData("--endpoint http://localhost:1 --label 1", "--label is about local models")]
    [InlineData("--endpoint http://localhost:1", "--endpoint needs --format")]
    [InlineData("--endpoint http://localhost:1 --format plain --endpoint-kind vlm", "vllm-pooling")]
    public void Run_WrongOptions_AreWrongUsage(string options, string message)
    {
        var (exitCode, _, error) = Run(["score", "--input", "rows.jsonl", .. options.Split(' ', StringSplitOptions.RemoveEmptyEntries)]);

        Assert.Equal(ExitCodes.WrongUsage, exitCode);
        Assert.Contains(message, error, StringComparison.Ordinal);
    }

    [Fact]
    public void Run_Endpoint_ScoresAndKeepsTheScores()
    {
        using var folder = TestFiles.NewFolder();
        File.WriteAllText(folder.File("rows.jsonl"), Preferences);
        using var server = new FakeEndpoint(_ => new FakeReply(200, """{"rewards": [1, 0, 3, 2]}"""));

        var json = Json("--endpoint", server.Url, "--endpoint-kind", "openrlhf", "--format", "plain", "--input", folder.File("rows.jsonl"), "--records", folder.File("scores.jsonl"));

        Assert.Equal(1, (double)json["accuracy"]!);
        Assert.Equal(4, File.ReadAllLines(folder.File("scores.jsonl")).Length);
    }

    [Fact]
    public void Run_LanguageModel_IsRefused()
    {
        using var folder = TestFiles.NewFolder();
        File.WriteAllText(folder.File("rows.jsonl"), """{"text": "abc"}""");

        var (exitCode, _, error) = Run("score", "--model", "tiny-world/dialogues", "--input", folder.File("rows.jsonl"));

        Assert.Equal(ExitCodes.Error, exitCode);
        Assert.Contains("lacks 'score.weight'", error, StringComparison.Ordinal);
    }

    [Fact]
    public void Forward_Classifier_PrintsItsScores()
    {
        using var folder = TestFiles.NewFolder();
        var fixture = Path.Combine(TestFiles.Fixtures, "models", "deberta_v3");
        var expected = JsonNode.Parse(File.ReadAllText(Path.Combine(fixture, "expected.json")))!["right_pad"]!;
        File.WriteAllText(folder.File("input.json"), expected.ToJsonString());

        var (exitCode, output, error) = Run("forward", "--model", fixture, "--input", folder.File("input.json"));

        Assert.True(exitCode == ExitCodes.Done, error);
        var logits = JsonNode.Parse(output)!["logits"]!.AsArray();
        Assert.Equal(3, logits.Count);
        Assert.All(expected["logits"]!.AsArray().Zip(logits), pair => Assert.Equal((double)pair.First![0]!, (double)pair.Second![0]!, 1e-4));
    }

    private static string RewardModel(TemporaryFolder folder, int labels, string? template)
    {
        var path = folder.File("model");
        TinyLlama.WriteRewardModel(path, labels);
        if (template is not null)
        {
            File.WriteAllText(Path.Combine(path, "chat_template.jinja"), template);
        }
        return path;
    }

    private static double Direct(string path, string text, int label = 0)
    {
        using var scope = NewDisposeScope();
        using var model = Checkpoint.LoadClassifier(path, ScalarType.Float32, CPU);
        return model.Scores([TokenizerLoader.Load(path).Encode(text)])[0, label].ToDouble();
    }

    private static JsonNode Json(params string[] arguments)
    {
        var (exitCode, output, error) = Run(["score", .. arguments, "--json"]);
        Assert.True(exitCode == ExitCodes.Done, error);
        return JsonNode.Parse(output.Split('\n', StringSplitOptions.RemoveEmptyEntries)[^1])!;
    }

    private static (int ExitCode, string Output, string Error) Run(params string[] arguments)
    {
        var (output, error) = (new StringWriter(), new StringWriter());
        var exitCode = CommandRunner.Run(RootCommandBuilder.Build(), arguments, output, error, CancellationToken.None);
        return (exitCode, output.ToString(), error.ToString());
    }
}
