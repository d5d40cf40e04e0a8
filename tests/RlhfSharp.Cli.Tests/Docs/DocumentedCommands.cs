using System.Text.Json.Nodes;
using System.Xml.Linq;

namespace RlhfSharp.Cli.Tests.Docs;

/// <summary>Runs a documented command as it stands, with smaller sizes; a command that no rule covers fails the test.</summary>
/// <remarks>
/// <c>rlhf</c>: in this process, with <see cref="Reduction"/> at the end. <c>dotnet run … -- ARGUMENTS</c>: the project exists, and
/// the arguments run as those of <c>rlhf</c>. Other <c>dotnet</c> commands: the projects, properties and packages they name exist; the
/// packaging tests run them. <c>echo TEXT > FILE</c>: writes the file.
/// </remarks>
internal static class DocumentedCommands
{
    private const string DemoSteps = "2";
    private const string DocumentedServer = "http://localhost:8000/v1";

    private static readonly string[] FewElephants =
    [
        "seeds=[0]", "loop.maxSteps=2", "loop.rowsPerStep=4", "loop.evaluateEvery=0", "data.dialogues=40", "evaluation.evaluationDialogues=10",
        "evaluation.validationDialogues=10", "evaluation.betas=[0]",
    ];

    private static readonly string[] FewWalks = ["seeds=[0]", "loop.maxSteps=2", "loop.rowsPerStep=10", "loop.evaluateEvery=0", "evaluation.finalSamplesPerStart=1"];

    // A reward model of bytes in place of the one that would be trained first.
    private static readonly string[] FewHelpful =
    [
        "requires=[]", "rewards=[{ kind: reward-model, paths: [reward-model-of-bytes], format: plain }]", "loop.maxSteps=2", "loop.rowsPerStep=4", "loop.evaluateEvery=0", "data.folds=100", "data.maxTokens=150",
        "objective.maxNewTokens=6", "evaluation.prompts=4",
    ];

    private static readonly string[] FewTrials = ["sweep.trials=3", "sweep.eta=2", "sweep.minSteps=1"];

    // The reader's own reward model in place of one that is not here.
    private const string OwnScorer = "rewards=[{ kind: reward-model, path: my-reward-model, format: plain, template: suffix }]";

    private static readonly string[] SmallMap = ["startSteps=2", "totalSteps=4", "batchSize=2"];

    // One book, by the model that the page trains just before.
    private static readonly string[] FewPoems =
        ["generator.files=[{ path: ../shared/data/gutenberg-poems/songs-blake-pg1934.txt }]", "axes[0].fewestTexts=1", "axes[1].quantiles=2"];

    // Enough to go through everything once. By recipe, for the sections differ.
    private static readonly Dictionary<string, string[]> Reductions = new()
    {
        ["recipes/random-walks-ilql.yaml"] =
        [
            "seeds=[0]", "loop.maxSteps=2", "loop.rowsPerStep=10", "loop.evaluateEvery=0", "model.new.n_layer=1",
            "evaluation.finalSamplesPerStart=1",
        ],
        ["recipes/hh-rlhf-ilql.yaml"] =
        [
            "loop.maxSteps=2", "loop.rowsPerStep=2", "loop.evaluateEvery=0", "data.folds=100", "data.heldOutFolds=[0]",
            "evaluation.pairsDuringTraining=2", "evaluation.baselines=false",
        ],
        ["recipes/random-walks-sft.yaml"] = [.. FewWalks, "model.new.n_layer=1"],
        ["recipes/random-walks-ppo.yaml"] = [.. FewWalks, "objective.promptsPerRound=10"],
        ["recipes/random-walks-rloo.yaml"] = [.. FewWalks, "objective.promptsPerRound=5", "objective.samplesPerPrompt=2"],
        ["recipes/random-walks-grpo.yaml"] = [.. FewWalks, "objective.promptsPerRound=5", "objective.samplesPerPrompt=2"],
        ["recipes/random-walks-rest.yaml"] = [.. FewWalks, "objective.promptsPerRound=5", "objective.samplesPerPrompt=4"],
        ["recipes/pink-elephants-dpo.yaml"] = FewElephants,
        ["recipes/pink-elephants-kto.yaml"] = FewElephants,
        ["recipes/pink-elephants-ppo.yaml"] = [.. FewElephants, "objective.promptsPerRound=4", "objective.maxNewTokens=8"],
        ["recipes/pink-elephants-rest.yaml"] = [.. FewElephants, "objective.promptsPerRound=2", "objective.samplesPerPrompt=2", "objective.maxNewTokens=8"],
        ["recipes/pink-elephants-reward.yaml"] =
            ["seeds=[0, 1]", "loop.maxSteps=2", "loop.rowsPerStep=4", "data.dialogues=40", "evaluation.pairsDuringTraining=10"],
        ["recipes/pink-elephants-compare.yaml"] =
        [
            "seeds=[0, 1]", "rows=[sft, ilql-rm, ppo-rm, best-of-16]", "requires=[]", "loop.computeBudget=20000", "loop.rowsPerStep=4", "data.dialogues=40",
            "evaluation.evaluationDialogues=10", "evaluation.validationDialogues=10", "evaluation.betas=[0]", "evaluation.maxNewTokens=8",
        ],
        ["recipes/pink-elephants-mixed-reward.yaml"] =
            ["seeds=[0]", "loop.maxSteps=2", "loop.rowsPerStep=4", "data.dialogues=20", "data.answerTokens=12", "evaluation.pairsDuringTraining=10"],
        ["recipes/pink-elephants-mixed.yaml"] =
        [
            "seeds=[0]", "rows=[sft, ilql, dpo, rloo]", "requires=[]", "loop.computeBudget=20000", "loop.rowsPerStep=4", "data.dialogues=20", "data.answerTokens=12",
            "evaluation.evaluationDialogues=10", "evaluation.validationDialogues=10", "evaluation.betas=[0]", "evaluation.maxNewTokens=8",
        ],
        ["recipes/iterated-claims.yaml"] =
        [
            "seeds=[0]", "requires=[]", "rows=[S1-wco]", "labels.perBatch=4", "loop.evaluateEvery=0", "labels.maxNewTokens=8", "evaluation.prompts=6", "objective.promptsPerRound=4", "objective.maxNewTokens=8", "proxy.members=2",
            "variants=[{ name: S1-wco, set: { iterations: 1, labels.batchesPerIteration: 2, loop.maxSteps: 2, proxy.members: 2, proxy.combineMembers: worst-case } }]",
        ],
        ["recipes/iterated-gold.yaml"] = ["loop.maxSteps=2", "loop.rowsPerStep=2", "data.folds=2", "evaluation.pairsDuringTraining=2", "evaluation.baselines=false"],
        ["recipes/iterated-matrix.yaml"] =
        [
            "seeds=[0]", "requires=[]", "variants=[{ name: I5, set: { start: interpolated } }]", "iterations=2", "labels.perBatch=12", "labels.maxNewTokens=8", "loop.maxSteps=2", "loop.rowsPerStep=4", "loop.evaluateEvery=0",
            "evaluation.prompts=6", "objective.promptsPerRound=4", "objective.maxNewTokens=8",
        ],
        ["recipes/hh-rlhf-gold.yaml"] = ["loop.maxSteps=2", "loop.rowsPerStep=2", "loop.evaluateEvery=0", "evaluation.pairsDuringTraining=2", "evaluation.baselines=false"],
        ["recipes/iterated-hh.yaml"] =
        [
            "requires=[]", "variants=[{ name: B0, set: { iterations: 1, objective: { kind: best-of-n, samples: 2 } } }]", "iterations=2", "labels.perBatch=6", "loop.maxSteps=2",
            "loop.rowsPerStep=4", "loop.evaluateEvery=0", "data.maxTokens=150", "data.folds=20", "evaluation.prompts=4",
        ],
        ["recipes/tiny-world-taste.yaml"] = ["loop.maxSteps=2", "loop.rowsPerStep=2", "evaluation.pairsDuringTraining=2", "evaluation.baselines=false"],
        ["recipes/hh-rlhf-dpo.yaml"] =
        [
            "data.maxTokens=60", "loop.maxSteps=2", "loop.rowsPerStep=2", "loop.evaluateEvery=0", "data.folds=100", "data.heldOutFolds=[0]",
            "evaluation.pairsDuringTraining=2", "evaluation.baselines=false",
        ],
        ["recipes/hh-rlhf-reward.yaml"] =
        [
            "loop.maxSteps=2", "loop.rowsPerStep=2", "loop.evaluateEvery=0", "data.folds=100", "data.heldOutFolds=[0]",
            "evaluation.pairsDuringTraining=2", "evaluation.baselines=false",
        ],
        ["recipes/hh-rlhf-ppo.yaml"] = [.. FewHelpful, "objective.promptsPerRound=4"],
        ["recipes/hh-rlhf-rest.yaml"] = [.. FewHelpful, "objective.promptsPerRound=2", "objective.samplesPerPrompt=3"],
        ["recipes/tiny-world-dialogues.yaml"] =
        [
            "loop.maxSteps=2", "loop.rowsPerStep=4", "loop.evaluateEvery=0", "data.texts=200", "data.heldOutTexts=5",
        ],
        ["recipes/tiny-world-small.yaml"] =
        [
            "loop.maxSteps=2", "loop.rowsPerStep=4", "loop.evaluateEvery=0", "data.texts=200", "data.heldOutTexts=5",
        ],
        ["recipes/tiny-world-poems.yaml"] =
        [
            "loop.maxSteps=2", "loop.rowsPerStep=4", "loop.evaluateEvery=0", "data.texts=200", "data.heldOutTexts=5",
        ],
        ["recipes/tiny-world-judge.yaml"] = FewElephants,
        ["recipes/pink-elephants-ilql.yaml"] = FewElephants,
        ["recipes/pink-elephants-ilql-sweep.yaml"] = [.. FewElephants, .. FewTrials],
        ["runs/pink-elephants-ilql-sweep/best.yaml"] = FewElephants,
        ["recipes/pink-elephants-why.yaml"] = [.. FewElephants, "variants=[{ name: sync-never, set: { objective.targetSync: never } }]"],
    };

    public static void Run(string line)
    {
        var command = ShellLine.Parse(line);
        var words = command.Words;
        switch (words[0])
        {
            case "rlhf" or "./rlhf/rlhf":   // the latter is what the publish command on the same page makes
                Rlhf(line, [.. words.Skip(1)], command.OutputFile);
                break;
            case "echo" when words.Count == 2 && command.OutputFile is { } file:
                File.WriteAllText(file, words[1] + "\n");
                break;
            case "dotnet":
                CheckDotnet(line, words);
                break;
            default:
                Assert.Fail($"No rule says how to test this command: {line}");
                break;
        }
    }

    private static void Rlhf(string line, IReadOnlyList<string> arguments, string? outputFile)
    {
        RequireData(arguments);
        var (output, error) = (new StringWriter(), new StringWriter());
        // A page names a server that nobody runs here: one that answers takes its place.
        using var server = new FakeEndpoint(Reply);
        using var hub = arguments is ["download", var id, ..] ? Hub(id) : null;
        string[] reduced = [.. arguments.Select(word => word.Replace(DocumentedServer, server.Url, StringComparison.Ordinal)), .. Reduction(line, arguments)];
        var exitCode = CommandRunner.Run(RootCommandBuilder.Build(), reduced, output, error, CancellationToken.None);
        Environment.SetEnvironmentVariable("HF_ENDPOINT", null);
        Environment.SetEnvironmentVariable("HF_HUB_CACHE", null);
        Assert.True(exitCode == ExitCodes.Done, $"{line}\nended with {exitCode}:\n{output}\n{error}");
        Assert.NotEmpty(output.ToString());
        if (outputFile is not null)
        {
            File.WriteAllText(outputFile, output.ToString());
        }
    }

    // A Hub on this machine takes the place of the real one; the cache lies in the reader's folder.
    private static FakeHub Hub(string id)
    {
        var hub = new FakeHub(id);
        var model = Path.Combine(TestFiles.Fixtures, "models", "gpt_neox");
        foreach (var name in new[] { "config.json", "model.safetensors" })
        {
            hub.Files[name] = File.ReadAllBytes(Path.Combine(model, name));
        }
        Environment.SetEnvironmentVariable("HF_ENDPOINT", hub.Address.AbsoluteUri);
        Environment.SetEnvironmentVariable("HF_HUB_CACHE", Path.GetFullPath("hub-cache"));
        return hub;
    }

    private static FakeReply Reply(FakeRequest request) => request.Path.EndsWith("/get_reward", StringComparison.Ordinal)
        ? new FakeReply(200, new JsonObject { ["rewards"] = new JsonArray([.. JsonNode.Parse(request.Body)!["query"]!.AsArray().Select((_, index) => (JsonNode)index)]) }.ToJsonString())
        : FakeReply.Of(ScriptedModel.Answer(request.Question));

    private static IEnumerable<string> Reduction(string line, IReadOnlyList<string> arguments)
    {
        switch (arguments[0])
        {
            case "demo":
                return arguments.Contains("map") ? ["--evaluations", "40"]
                    : arguments.Contains("random-walks") ? ["--steps", DemoSteps]
                    : arguments.Contains("iterated") ? ["--steps", DemoSteps, "--labels", "6", "--prompts", "8"]
                    : ["--steps", DemoSteps, "--dialogues", "10"];
            case "data" when arguments.Contains("judgements"):
                return ["--pairs", "12"];
            case "map" when arguments[1].Contains("poems", StringComparison.Ordinal):
                return FewPoems.SelectMany(setting => new[] { "--set", setting });
            case "data" when arguments.Contains("taste") && !arguments.Contains("--pairs"):
                return ["--pairs", "200"];
            case "map" when !arguments.Contains("--resume") && !arguments.Contains("--before"):
                // The maps of the built-in world score by what comes with the program, or by the model that their page trains just before.
                string[] more = arguments[1].Contains("hackathon", StringComparison.Ordinal) ? [OwnScorer] : arguments[1].Contains("contrast", StringComparison.Ordinal) ? ["rewards[0].calibrationSteps=1"] : arguments[1].Contains("tastes", StringComparison.Ordinal) ? ["seeds=[1, 2]"] : [];
                return SmallMap.Concat(more).SelectMany(setting => new[] { "--set", setting });
            case "train" or "compare" or "sweep" or "iterate" when !arguments.Contains("--resume"):
                Assert.True(Reductions.TryGetValue(arguments.First(word => word.EndsWith(".yaml", StringComparison.Ordinal)), out var settings), $"No reduction is known for the recipe of this command: {line}");
                return settings.SelectMany(setting => new[] { "--set", setting });
            case "train" or "compare" or "sweep" or "iterate" or "map" or "generate" or "forward" or "schema" or "env" or "report" or "eval" or "data" or "score" or "merge" or "download" or "convert-tokenizer":
                return [];
            default:
                Assert.Fail($"No rule says how to test this command: {line}");
                return [];
        }
    }

    // What lies beside the repository is not part of it.
    private static void RequireData(IReadOnlyList<string> arguments)
    {
        var texts = arguments.Concat(arguments.Where(word => word.EndsWith(".yaml", StringComparison.Ordinal)).Select(File.ReadAllText));
        if (texts.Any(text => text.Contains("../shared/data/", StringComparison.Ordinal)))
        {
            TestFiles.SharedData("stories260K-hf");
            TestFiles.SharedData("hh-rlhf");
        }
    }

    private static void CheckDotnet(string line, IReadOnlyList<string> words)
    {
        var own = words.TakeWhile(word => word != "--").ToList();
        Assert.True(own[1] is "run" or "test" or "publish" or "pack" or "tool", $"No rule says how to test this command: {line}");
        foreach (var path in own.Where(word => word.StartsWith("src/", StringComparison.Ordinal)))
        {
            var project = Path.Combine(TestFiles.RepositoryRoot, path, $"{Path.GetFileName(path)}.csproj");
            Assert.True(File.Exists(project), $"{line}\n'{path}' is no project.");
        }
        foreach (var property in own.Where(word => word.StartsWith("-p:", StringComparison.Ordinal)))
        {
            Assert.Contains($"$({property[3..property.IndexOf('=')]})", BuildFiles(), StringComparison.Ordinal);
        }
        if (own[1] == "tool")
        {
            var cli = XDocument.Load(Path.Combine(TestFiles.RepositoryRoot, "src", "RlhfSharp.Cli", "RlhfSharp.Cli.csproj"));
            Assert.Equal(cli.Descendants("PackageId").Single().Value, own[3]);
        }
        if (own.Count < words.Count)
        {
            Assert.True(own[1] == "run" && own.Contains("src/RlhfSharp.Cli"), $"No rule says how to test this command: {line}");
            Rlhf(line, [.. words.Skip(own.Count + 1)], outputFile: null);
        }
    }

    private static string BuildFiles() => string.Concat(
        Directory.GetFiles(Path.Combine(TestFiles.RepositoryRoot, "eng"), "*.*", SearchOption.AllDirectories)
            .Concat(Directory.GetFiles(TestFiles.RepositoryRoot, "Directory.*"))
            .Where(file => Path.GetExtension(file) is ".props" or ".targets")
            .Select(File.ReadAllText));
}
