using RlhfSharp.Cli.Tests.Support;

namespace RlhfSharp.Cli.Tests.Commands;

public sealed class DataPinkElephantsCommandTests
{
    private static readonly string[] Files =
        ["dataset.json", "evaluation.jsonl", "settings.json", "train-rewarded.jsonl", "train-unpaired.jsonl", "train.jsonl", "validation.jsonl"];

    [Fact]
    public void Run_BuiltInSet_WritesItAndSaysWhatIsThere()
    {
        using var folder = TestFiles.NewFolder();
        var result = Rlhf.Run("data", "pink-elephants", "--out", folder.File("set"), "--seed", "3", "--json");

        Assert.True(result.ExitCode == ExitCodes.Done, result.Error);
        Assert.Equal(["directory", "rows", "dropped", "requests", "tokens", "cost"], result.Json.EnumerateObject().Select(part => part.Name));
        Assert.Equal("""{"train":20800,"validation":480,"evaluation":1440}""", result.Json.GetProperty("rows").GetRawText());
        Assert.Equal(0, result.Json.GetProperty("requests").GetInt32());
        Assert.Equal([.. Files.Order(StringComparer.Ordinal)], Names(folder.File("set")));
        Assert.Equal(20800, File.ReadLines(folder.File("set", "train.jsonl")).Count());
    }

    [Fact]
    public void Run_FolderExists_NeedsResumeOrOverwrite()
    {
        using var folder = TestFiles.NewFolder();
        using var server = new FakeEndpoint(request => FakeReply.Of(ScriptedModel.Answer(request.Question)));
        string[] arguments = [.. Small(server, folder.File("set")), "--input-price", "3", "--output-price", "8"];
        var first = Rlhf.Run(arguments);
        Assert.Equal(ExitCodes.Done, first.ExitCode);
        Assert.Contains(" tokens, cost 0.00", first.Output, StringComparison.Ordinal);
        var transcript = File.ReadAllText(folder.File("set", "transcript.jsonl"));

        var message = Rlhf.Run(arguments).AssertFailed(ExitCodes.Error);
        Assert.Equal($"error: '{folder.File("set")}' exists. Go on with it by --resume, replace it by --overwrite, or choose another folder by --out.", message);
        Assert.Equal(transcript, File.ReadAllText(folder.File("set", "transcript.jsonl")));

        var asked = server.Requests.Count;
        var resumed = Rlhf.Run("data", "pink-elephants", "--out", folder.File("set"), "--resume", "--json");
        Assert.Equal(ExitCodes.Done, resumed.ExitCode);
        // 10 tokens in and 5 out per answer, at 3 and 8 per million: the prices stay with the folder.
        Assert.Equal(asked * (10 * 3 + 5 * 8) / 1e6, resumed.Json.GetProperty("cost").GetDouble(), tolerance: 1e-12);
        Assert.Equal(asked, server.Requests.Count);
        Assert.Equal(ExitCodes.Done, Rlhf.Run([.. arguments, "--overwrite"]).ExitCode);
        Assert.Equal(2 * asked, server.Requests.Count);
    }

    [Fact]
    public void Run_OverwriteOfSomethingElse_LeavesItAlone()
    {
        using var folder = TestFiles.NewFolder();
        File.WriteAllText(folder.File("mine.txt"), "mine");
        var message = Rlhf.Run("data", "pink-elephants", "--out", folder.Path, "--overwrite").AssertFailed(ExitCodes.Error);
        Assert.Contains("holds something other than a data set of dialogues", message, StringComparison.Ordinal);
        Assert.Equal(["mine.txt"], Names(folder.Path));
    }

    [Fact]
    public void Run_Interrupted_EndsWith130AndResumeAsksForTheRestOnly()
    {
        using var folder = TestFiles.NewFolder();
        using var source = new CancellationTokenSource();
        using var server = new FakeEndpoint(request =>
        {
            if (request.Number == 12)
            {
                source.Cancel();
            }
            return FakeReply.Of(ScriptedModel.Answer(request.Question));
        });

        var cut = Rlhf.Run(source.Token, Small(server, folder.File("cut")));

        Assert.Equal(ExitCodes.Interrupted, cut.ExitCode);
        Assert.Equal($"The answers so far are kept. Go on with: rlhf data pink-elephants --out {folder.File("cut")} --resume\nInterrupted.\n", cut.Error);
        Assert.False(File.Exists(folder.File("cut", "train.jsonl")));
        var resumed = Rlhf.Run("data", "pink-elephants", "--out", folder.File("cut"), "--resume", "--json");
        Assert.True(resumed.ExitCode == ExitCodes.Done, resumed.Error);
        var whole = Rlhf.Run([.. Small(server, folder.File("whole")), "--json"]);
        foreach (var name in Files)
        {
            Assert.Equal(File.ReadAllText(folder.File("whole", name)), File.ReadAllText(folder.File("cut", name)));
        }
        foreach (var part in new[] { "rows", "dropped", "requests", "tokens" })
        {
            Assert.Equal(whole.Json.GetProperty(part).GetRawText(), resumed.Json.GetProperty(part).GetRawText());
        }
        Assert.Equal(1 + 1 + 4 + 8 + 8, whole.Json.GetProperty("requests").GetInt32());
        Assert.Equal(22 * 15, whole.Json.GetProperty("tokens").GetInt32());
    }

    [Fact]
    public void Run_ServerRefuses_SaysWhyAndHowToGoOn()
    {
        using var folder = TestFiles.NewFolder();
        using var server = new FakeEndpoint(_ => new FakeReply(401, """{"error":{"message":"No key."}}"""));
        var result = Rlhf.Run(Small(server, folder.File("set")));
        Assert.Equal(ExitCodes.Error, result.ExitCode);
        Assert.Contains($"error: {server.Url} did not answer request 'topics/1': HTTP 401: No key.", result.Error, StringComparison.Ordinal);
        Assert.Contains("--resume", result.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--topics 3", "--topics is about a language model's answers; name one by --endpoint and --endpoint-model.")]
    [InlineData("--endpoint http://localhost/v1", "--endpoint and --endpoint-model belong together; --endpoint-model is missing.")]
    [InlineData("--endpoint-model m", "--endpoint and --endpoint-model belong together; --endpoint is missing.")]
    [InlineData("--endpoint http://localhost/v1 --endpoint-model m --concurrency 0", "--concurrency is 0; it must be from 1 to 256.")]
    [InlineData("--endpoint http://localhost/v1 --endpoint-model m --timeout 0", "--timeout is 0; it must be from 0.05 to 3600.")]
    [InlineData("--resume --overwrite", "--overwrite starts anew and --resume goes on: give one of them.")]
    public void Run_WrongUsage_SaysWhatIsAllowed(string options, string expected)
    {
        using var folder = TestFiles.NewFolder();
        var message = Rlhf.Run(["data", "pink-elephants", "--out", folder.File("set"), .. options.Split(' ')]).AssertFailed(ExitCodes.WrongUsage);
        Assert.Equal($"error: {expected}", message);
        Assert.Empty(Names(folder.Path));
    }

    [Theory]
    [InlineData("--resume", "There is no folder '{0}' to go on with. Leave out --resume to start.")]
    [InlineData("--endpoint ftp://x --endpoint-model m", "The endpoint cannot be used: 'ftp://x' is no http or https address. Give one such as http://localhost:8000/v1.")]
    public void Run_NothingThereToUse_SaysSo(string options, string expected)
    {
        using var folder = TestFiles.NewFolder();
        var message = Rlhf.Run(["data", "pink-elephants", "--out", folder.File("set"), .. options.Split(' ')]).AssertFailed(ExitCodes.Error);
        Assert.Equal($"error: {expected.Replace("{0}", folder.File("set"), StringComparison.Ordinal)}", message);
        Assert.Empty(Names(folder.Path));
    }

    private static string[] Small(FakeEndpoint server, string directory) =>
    [
        "data", "pink-elephants", "--out", directory, "--endpoint", server.Url, "--endpoint-model", "fake", "--api-key-variable", "RLHF_TEST_NO_SUCH_KEY",
        "--topics", "1", "--pairs-per-topic", "4", "--dialogues-per-pair", "2", "--concurrency", "2", "--requests-per-minute", "100000", "--timeout", "10",
    ];

    private static string[] Names(string directory) =>
        [.. new DirectoryInfo(directory).EnumerateFileSystemInfos().Select(entry => entry.Name).Where(name => name != ".lock").Order(StringComparer.Ordinal)];
}
