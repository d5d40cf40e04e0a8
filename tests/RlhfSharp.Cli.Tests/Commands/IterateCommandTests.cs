using System.Text.Json;
using System.Text.Json.Nodes;
using RlhfSharp.Cli.Tests.Support;

namespace RlhfSharp.Cli.Tests.Commands;

/// <summary><c>rlhf iterate</c> from end to end, on models of a few thousand weights.</summary>
public sealed class IterateCommandTests
{
    // Two iterations of best-of-4, then of RLOO, under a gold model behind a server.
    private const string Recipe = """
        model: { path: MODEL }
        data: { kind: pink-elephants, dialogues: 24 }
        gold: { endpoint: { url: URL, kind: open-rlhf, batchSize: 8, maxRetries: RETRIES, timeoutSeconds: 5 }, format: plain }
        iterations: 2
        labels: { perBatch: 8, maxNewTokens: 8 }
        proxy: { epochs: 1, pairsPerStep: 4 }
        objective: { kind: best-of-n, samples: 4 }
        loop: { rowsPerStep: 4, maxSteps: 4, evaluateEvery: 1, saveEvery: 2, logEvery: 1 }
        evaluation: { prompts: 6 }
        keep: KEEP
        row: best
        variants: [{ name: rloo, set: { objective: { kind: rloo, promptsPerRound: 4, samplesPerPrompt: 2, maxNewTokens: 8 } } }]
        """;

    [Fact]
    public void Iterate_ServerFailsNowAndThen_RunsToItsEndAndKeepsWhatTheReportNeeds()
    {
        using var folder = TestFiles.NewFolder();
        using var server = new FakeEndpoint(request => request.Number switch
        {
            2 => FakeReply.Busy(),
            4 => new FakeReply(200, """{"rewards": [NaN]}"""),
            6 => Scores(request) with { Delay = TimeSpan.FromSeconds(0.3) },
            _ => Scores(request),
        });

        var run = Iterate(folder, server, retries: 6, keep: "report");
        var checkedOnly = Rlhf.Run("iterate", folder.File(TinyExperiment.RecipeName), "--dry-run");

        Assert.True(checkedOnly.ExitCode == ExitCodes.Done, checkedOnly.Error);
        Assert.Contains("best: 1 seed(s), 2 iteration(s), each with 8 gold labels, 1 proxy(s) and the best of 4 answers", checkedOnly.Output, StringComparison.Ordinal);
        Assert.Contains("rloo: 1 seed(s), 2 iteration(s), each with 8 gold labels, 1 proxy(s) and 4 steps of RLOO", checkedOnly.Output, StringComparison.Ordinal);
        Assert.Contains("(behind a server)", checkedOnly.Output, StringComparison.Ordinal);
        Assert.True(run.ExitCode == ExitCodes.Done, run.Error);
        var metrics = JsonNode.Parse(run.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries)[^1])!["metrics"]!;
        Assert.All(
            ["gold/final", "gold/peak", "gold/drop", "gap/final", "kl/onset", "labels", "tokens", "samples", "win_rate/final", "length/final", "distinct_2/final"],
            name => Assert.All(["best", "rloo"], row => Assert.NotNull(metrics[$"{name}/{row}"])));
        Assert.Equal(Math.Log(4) - 0.75, (double)metrics["kl/final/best"]!, 1e-9);
        Assert.Null(metrics["entropy/final/best"]);
        Assert.NotNull(metrics["entropy/final/rloo"]);
        Assert.Equal(8 * 2 + 8 * 2 * 4, (int)metrics["samples/best"]!);   // the start's labels, and then the best of four for each answer
        // Before its first step a policy is the start, measured on the very answers that scores are standardised on.
        var begins = Directory.GetDirectories(folder.File("run", "stages"), "policy-*").SelectMany(stage => File.ReadLines(Path.Combine(stage, "metrics.jsonl"))).Select(line => JsonNode.Parse(line)!)
            .Where(line => (int)line["step"]! == 0 && line["gold/mean"] is not null).ToList();
        Assert.Equal(2, begins.Count);
        Assert.All(begins, line => Assert.Equal(0, (double)line["gold/mean"]!, 1e-6));
        Assert.All(begins, line => Assert.Equal(0, (double)line["gap"]!, 1e-4));
        Assert.All(begins, line => Assert.Equal(0.5, (double)line["win_rate"]!));
        Assert.Empty(Directory.GetFiles(folder.File("run"), "*.safetensors", SearchOption.AllDirectories));
        Assert.Equal(File.ReadAllText(folder.File("run", "rows", "rloo", "seed-0", "results.json")), Again(folder));
    }

    [Fact]
    public void Iterate_ServerGivesNoNumbers_StopsClearlyAndGoesOnLater()
    {
        using var folder = TestFiles.NewFolder();
        var isWell = false;
        // The held-out prompts, twelve answers in two requests, are scored; then the server gives nothing but NaN until it is repaired.
        using var server = new FakeEndpoint(request => request.Number <= 2 || Volatile.Read(ref isWell) ? Scores(request) : new FakeReply(200, """{"rewards": [NaN]}"""));

        var stopped = Iterate(folder, server, retries: 0, keep: "everything");
        var kept = File.ReadAllLines(folder.File("run", "gold-scores.jsonl")).Length;
        Volatile.Write(ref isWell, true);
        var together = Rlhf.Run("iterate", "--resume", folder.File("run"), "--workers", "2");
        var resumed = Rlhf.Run("iterate", "--resume", folder.File("run"), "--json");

        Assert.Equal(ExitCodes.Error, stopped.ExitCode);
        Assert.Contains("gave no scores for", stopped.Error, StringComparison.Ordinal);
        Assert.Contains("The scores so far are kept and need not be asked for again.", stopped.Error, StringComparison.Ordinal);
        Assert.Equal(12, kept);
        Assert.Equal(ExitCodes.Error, together.ExitCode);
        Assert.Contains("--workers: gold is behind a server", together.Error, StringComparison.Ordinal);
        Assert.True(resumed.ExitCode == ExitCodes.Done, resumed.Error);
        Assert.Empty(Texts(server.Requests.Take(2)).Intersect(Texts(server.Requests.Skip(2))));   // nothing was asked for twice
    }

    [Fact]
    public void Iterate_UltraRmRecipe_GoesItsWholeWayOnTinyModels()
    {
        using var folder = TestFiles.NewFolder();
        TinyLlama.WriteLanguageModel(folder.File("llama"));
        TinyLlama.WriteUltraRm(folder.File("ultrarm"));
        var rows = TinyExperiment.WriteRows(folder, Enumerable.Range(0, 40).Select(i => new { prompt = new[] { new { role = "user", content = $"What is {i} and {i}?" } } }));
        string[] settings =
        [
            $"model.path={folder.File("llama")}", $"gold.path={folder.File("ultrarm")}", $"proxy.path={folder.File("llama")}", $"data.files=[\"{rows}\"]", "iterations=2",
            "labels.perBatch=6", "labels.maxNewTokens=6", "loop.maxSteps=2", "loop.rowsPerStep=4", "loop.evaluateEvery=1", "evaluation.prompts=6", "objective.promptsPerRound=3",
            "objective.samplesPerPrompt=3", "objective.maxNewTokens=6", "seeds=[0]",
            "variants=[{ name: S0, set: { iterations: 1, labels.batchesPerIteration: 2, loop.maxSteps: 4, objective: { kind: ppo, promptsPerRound: 3, maxNewTokens: 6 } } }]",
        ];
        string[] arguments =
        [
            "iterate", Path.Combine(TestFiles.RepositoryRoot, "recipes", "iterated-ultrarm.yaml"), .. settings.SelectMany(setting => new[] { "--set", setting }),
        ];

        var checkedOnly = Rlhf.Run([.. arguments, "--dry-run"]);
        var run = Rlhf.Run([.. arguments, "--run", folder.File("run"), "--json"]);

        Assert.True(checkedOnly.ExitCode == ExitCodes.Done, checkedOnly.Error);
        Assert.Matches(@"gold +\d", checkedOnly.Output);
        Assert.Matches(@"together +\d", checkedOnly.Output);
        Assert.True(run.ExitCode == ExitCodes.Done, run.Error);
        var metrics = JsonNode.Parse(run.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries)[^1])!["metrics"]!;
        Assert.NotNull(metrics["gold/final/I1"]);
        Assert.NotNull(metrics["gold/final/S0"]);
        Assert.NotEmpty(Directory.GetFiles(folder.File("run"), "adapter_model.safetensors", SearchOption.AllDirectories));
    }

    private static ChildResult Iterate(TemporaryFolder folder, FakeEndpoint server, int retries, string keep)
    {
        var recipe = TinyExperiment.WriteRecipe(folder, Recipe
            .Replace("MODEL", TinyExperiment.WriteCheckpoint(folder, context: 1024), StringComparison.Ordinal)
            .Replace("URL", server.Url[..^"/v1".Length], StringComparison.Ordinal)
            .Replace("RETRIES", $"{retries}", StringComparison.Ordinal)
            .Replace("KEEP", keep, StringComparison.Ordinal));
        return Rlhf.Run("iterate", recipe, "--run", folder.File("run"), "--json");
    }

    // The report once more, from what was kept.
    private static string Again(TemporaryFolder folder)
    {
        var report = Rlhf.Run("report", folder.File("run"));
        Assert.True(report.ExitCode == ExitCodes.Done, report.Error);
        return File.ReadAllText(folder.File("run", "rows", "rloo", "seed-0", "results.json"));
    }

    private static HashSet<string> Texts(IEnumerable<FakeRequest> requests) => [.. requests.SelectMany(request => JsonNode.Parse(request.Body)!["query"]!.AsArray().Select(text => (string)text!))];

    // Likes some letters.
    private static FakeReply Scores(FakeRequest request) => new(
        200, JsonSerializer.Serialize(new { rewards = JsonNode.Parse(request.Body)!["query"]!.AsArray().Select(text => (double)((string)text!).Sum(letter => letter * 31 % 17)) }));
}
