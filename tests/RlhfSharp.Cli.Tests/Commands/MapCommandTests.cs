using System.Text.Json.Nodes;
using RlhfSharp.Cli.Tests.Support;
using RlhfSharp.Models.Tokenization;

namespace RlhfSharp.Cli.Tests.Commands;

/// <summary><c>rlhf map</c> with real models: a small one writes, a small one rewards.</summary>
public sealed class MapCommandTests
{
    private static readonly string Preset = Path.Combine(TestFiles.RepositoryRoot, "recipes", "reward-map-hackathon2023.yaml");

    [Fact]
    public void Run_PresetWithTheBuiltInModelAndTheSmallDeberta_MakesAMap()
    {
        using var folder = TestFiles.NewFolder();
        var arguments = Small(folder, "generator={ kind: model, path: tiny-world/dialogues, format: human-assistant, sampling: { maxNewTokens: 6 } }");

        var result = Rlhf.Run([.. arguments, "--json"]);

        Assert.True(result.ExitCode == ExitCodes.Done, result.Error);
        var json = JsonNode.Parse(result.Output.TrimEnd().Split('\n')[^1])!;
        Assert.Equal(8, (double)json["metrics"]!["evaluations"]!);
        Assert.True(File.Exists((string)json["report"]!));
        Assert.Contains("Coverage says nothing here", result.Error, StringComparison.Ordinal);
        var events = File.ReadAllLines(folder.File("run", "events.jsonl")).Select(line => JsonNode.Parse(line)!).ToList();
        Assert.Equal(8, events.Count);
        Assert.All(events.Where(one => (string)one["status"]! != "rejected"), one => Assert.True(double.IsFinite((double)one["rewards"]!["reward"]!)));

        // Once more, from the start: the same bytes; and going on with what is done changes nothing.
        var before = File.ReadAllBytes(folder.File("run", "events.jsonl"));
        var again = Rlhf.Run("map", "--resume", folder.File("run"));
        Assert.Equal(ExitCodes.Done, again.ExitCode);
        Assert.All(["highest reward found", "genre ↓  tone →", "╱╱╱: no text"], part => Assert.Contains(part, again.Output, StringComparison.Ordinal));   // 8 texts leave cells empty
        Assert.Equal(before, File.ReadAllBytes(folder.File("run", "events.jsonl")));
        Assert.Equal(ExitCodes.Done, Rlhf.Run([.. arguments, "--overwrite"]).ExitCode);
        Assert.Equal(before, File.ReadAllBytes(folder.File("run", "events.jsonl")));
    }

    [Fact]
    public void Run_PresetWithAnEndpoint_AsksEachPoemOnce()
    {
        using var folder = TestFiles.NewFolder();
        using var server = new FakeEndpoint("<think>hm</think>An old pond, a frog");
        var result = Rlhf.Run(Small(folder, $"generator.endpoint.url={server.Url}"));
        Assert.True(result.ExitCode == ExitCodes.Done, result.Error);
        Assert.Equal(8, server.Requests.Count);
        Assert.Contains("\"text\":\"An old pond, a frog\"", File.ReadAllText(folder.File("run", "events.jsonl")), StringComparison.Ordinal);
        Assert.Equal(ExitCodes.Done, Rlhf.Run("map", "--resume", folder.File("run")).ExitCode);
        Assert.Equal(8, server.Requests.Count);
    }

    // The small reward model reads 128 characters: of the long poems it sees the first lines.
    [Fact]
    public void Run_PoemsWithOneModelUnderTwoTemplates_ScoresEachOnceCountsWhatIsCutAndContrasts()
    {
        using var folder = TestFiles.NewFolder();
        TinyLlama.WriteRewardModel(folder.File("model"), labels: 1);
        File.WriteAllLines(folder.File("poems.jsonl"), Enumerable.Range(0, 27).Select(i => new JsonObject
        {
            ["form"] = i < 24 ? i % 2 == 0 ? "ode" : "hymn" : "rondel",
            ["author"] = $"author {i % 12}",
            ["text"] = string.Join('\n', Enumerable.Repeat($"a line of the poem {i}", 1 + i % 8)),
        }.ToJsonString()));
        var recipe = Path.Combine(TestFiles.RepositoryRoot, "recipes", "reward-map-poems.yaml");
        string[] settings =
        [
            $"generator.files=[{{ path: '{folder.File("poems.jsonl")}' }}]", "axes[0].fewestTexts=12", "axes[1].quantiles=2", "batchSize=10",
            $"rewards[0].path={folder.File("model")}", "rewards[0].format=plain", $"rewards[1].path={folder.File("model")}", "rewards[1].format=plain",
        ];

        var result = Rlhf.Run(["map", recipe, "--run", folder.File("run"), .. settings.SelectMany(setting => new[] { "--set", setting }), "--json"]);

        Assert.True(result.ExitCode == ExitCodes.Done, result.Error);
        var metrics = JsonNode.Parse(result.Output.TrimEnd().Split('\n')[^1])!["metrics"]!;
        Assert.Equal((27, 3), ((int)metrics["evaluations"]!, (int)metrics["rejected/no-label"]!));
        var events = File.ReadAllLines(folder.File("run", "events.jsonl")).Select(line => JsonNode.Parse(line)!).ToList();
        Assert.Equal(27, events.Select(one => (string)one["text"]!).Distinct().Count());
        Assert.Equal(events.Count(one => ((string)one["text"]!).Length > 128), (int)metrics["cut/bare"]!);
        Assert.InRange((int)metrics["cut/bare"]!, 1, (int)metrics["cut"]!);
        Assert.Contains($"{metrics["cut/bare"]} of 27 texts are longer than 'bare' can read", result.Error, StringComparison.Ordinal);
        Assert.All(["contrast/form/ode", "contrast/form/hymn"], name => Assert.InRange((double)metrics[name]!, -1, 1));
        Assert.Contains("answer against bare: the same texts, ranked by both", File.ReadAllText(folder.File("run", "report.html")), StringComparison.Ordinal);

        var before = File.ReadAllBytes(folder.File("run", "events.jsonl"));
        Assert.Equal(ExitCodes.Done, Rlhf.Run("map", "--resume", folder.File("run")).ExitCode);
        Assert.Equal(before, File.ReadAllBytes(folder.File("run", "events.jsonl")));
    }

    // One model before and after nothing at all: the same texts, and no change.
    [Fact]
    public void Run_BeforeAndAfter_ComparesTwoMaps()
    {
        using var folder = TestFiles.NewFolder();
        var arguments = Small(folder, "generator={ kind: model, path: tiny-world/dialogues, format: human-assistant, sampling: { maxNewTokens: 6 } }");
        Assert.Equal(ExitCodes.Done, Rlhf.Run(arguments).ExitCode);
        string[] again = [.. arguments[..3], folder.File("again"), .. arguments[4..]];
        Assert.Equal(ExitCodes.Done, Rlhf.Run(again).ExitCode);

        var result = Rlhf.Run("map", "--before", folder.File("run"), "--after", folder.File("again"), "--run", folder.File("both"), "--json");

        Assert.True(result.ExitCode == ExitCodes.Done, result.Error);
        var metrics = JsonNode.Parse(result.Output.TrimEnd().Split('\n')[^1])!["metrics"]!;
        Assert.Equal((0, 0, (int)metrics["texts/before"]!), ((double)metrics["change"]!, (double)metrics["change_length"]!, (int)metrics["texts/after"]!));
        Assert.All(["report.html", "comparison.json"], name => Assert.True(File.Exists(folder.File("both", name))));
    }

    [Theory]
    [InlineData(ExitCodes.WrongUsage, "Name a recipe", "map")]
    [InlineData(ExitCodes.WrongUsage, "--resume goes on with a run as it is", "map", "--resume", "x", "--set", "a=1")]
    [InlineData(ExitCodes.WrongUsage, "--before and --after name the two maps to compare", "map", "--before", "x")]
    [InlineData(ExitCodes.WrongUsage, "it takes no --set and no --overwrite", "map", "--before", "x", "--after", "y", "--overwrite")]
    [InlineData(ExitCodes.Error, "'nowhere' is no run of rlhf map", "map", "--before", "nowhere", "--after", "nowhere")]
    [InlineData(ExitCodes.Error, "There is no run 'nowhere'", "map", "--resume", "nowhere")]
    [InlineData(ExitCodes.Error, "The recipe 'nowhere.yaml' does not exist", "map", "nowhere.yaml")]
    public void Run_BadCommandLine_SaysWhatIsWrong(int exitCode, string message, params string[] arguments)
    {
        var result = Rlhf.Run(arguments);
        Assert.Equal(exitCode, result.ExitCode);
        Assert.Contains(message, result.Error, StringComparison.Ordinal);
    }

    private static string[] Small(TemporaryFolder folder, string generator) =>
        ["map", Preset, "--run", folder.File("run"), "--set", "startSteps=2", "--set", "totalSteps=4", "--set", "batchSize=2", "--set", generator, "--set", $"rewards[0].path={Deberta(folder)}", "--set", "rewards[0].format=plain"];

    // The fixture has weights and no words: here its tokens are characters.
    private static string Deberta(TemporaryFolder folder)
    {
        var path = Directory.CreateDirectory(folder.File("deberta")).FullName;
        foreach (var name in new[] { "config.json", "model.safetensors" })
        {
            File.Copy(Path.Combine(TestFiles.Fixtures, "models", "deberta_v3", name), Path.Combine(path, name));
        }
        TokenizerFactory.FromCharacters(Enumerable.Range(' ', '~' - ' ' + 1).Select(code => (char)code).Append('\n'), "<end>", "<pad>").Save(path);
        return path;
    }
}
