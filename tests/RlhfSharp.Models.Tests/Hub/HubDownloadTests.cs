using RlhfSharp.Models.Checkpoints;
using RlhfSharp.Models.Hub;
using RlhfSharp.Models.Runtime;
using static TorchSharp.torch;

namespace RlhfSharp.Models.Tests.Hub;

public sealed class HubDownloadTests : IDisposable
{
    private readonly TemporaryFolder _folder = TestFiles.NewFolder();
    private readonly FakeHub _hub = new();

    public HubDownloadTests()
    {
        var fixture = ModelFixture.Named("llama").Folder;
        foreach (var name in new[] { "config.json", "model.safetensors" })
        {
            _hub.Files[name] = File.ReadAllBytes(Path.Combine(fixture, name));
        }
        _hub.Files["README.md"] = "Not wanted."u8.ToArray();
        _hub.Files["pytorch_model.bin"] = [1, 2, 3];
    }

    private HubOptions Options => new() { Endpoint = _hub.Address, CacheDirectory = _folder.File("cache"), Token = null, IsOffline = false, Patience = TimeSpan.FromSeconds(5), MaxRetries = 3 };

    public void Dispose()
    {
        _hub.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task Fetch_Model_LiesInTheCacheAsHuggingFaceLaysItOut()
    {
        var shares = new List<double>();

        var folder = await Fetch(FakeHub.Model, Options, new Shares(shares));

        var model = _folder.File("cache", "models--org--tiny");
        Assert.Equal(Path.Combine(model, "snapshots", FakeHub.Commit), folder);
        Assert.Equal(FakeHub.Commit, File.ReadAllText(Path.Combine(model, "refs", "main")));
        Assert.Equal(["config.json", "model.safetensors"], Directory.GetFiles(folder).Select(Path.GetFileName).Order());
        Assert.Equal(2, Directory.GetFiles(Path.Combine(model, "blobs")).Length);
        Assert.StartsWith(Path.Combine("..", "..", "blobs"), new FileInfo(Path.Combine(folder, "config.json")).LinkTarget, StringComparison.Ordinal);
        Assert.Equal(1, shares.Max());
        using var loaded = Checkpoint.Load(folder, ScalarType.Float32, CPU);
    }

    [Fact]
    public async Task Fetch_Again_AsksForNoBytes()
    {
        await Fetch(FakeHub.Model, Options);
        var before = _hub.Requests.Count;

        await Fetch(FakeHub.Model, Options);

        Assert.DoesNotContain(_hub.Requests.Skip(before), request => request is { Method: "GET", Path: not null } && !request.Path.StartsWith("/api/", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Fetch_Offline_FindsWhatWasFetchedAndNothingElse()
    {
        var folder = await Fetch(FakeHub.Model, Options);
        var offline = Options with { IsOffline = true };
        var before = _hub.Requests.Count;

        Assert.Equal(folder, await Fetch(FakeHub.Model, offline));
        Assert.Equal(folder, await Fetch($"{FakeHub.Model}@{FakeHub.Commit}", offline));
        Assert.Contains("nothing may be fetched offline", (await Refused("org/other", offline)).Message, StringComparison.Ordinal);
        Assert.Equal(before, _hub.Requests.Count);
    }

    [Fact]
    public async Task Fetch_ConnectionCutAgainAndAgain_GoesOnWhereItStopped()
    {
        _hub.Cut = (20_000, 3);

        var folder = await Fetch(FakeHub.Model, Options);

        Assert.Equal(_hub.Files["model.safetensors"], File.ReadAllBytes(Path.Combine(folder, "model.safetensors")));
        Assert.Contains(_hub.Requests, request => request.From > 0);
    }

    [Fact]
    public async Task Fetch_CutForGood_KeepsWhatCameForTheNextTime()
    {
        _hub.Cut = (20_000, int.MaxValue);
        Assert.Contains("What was fetched so far is kept", (await Refused(FakeHub.Model, Options with { MaxRetries = 0 })).Message, StringComparison.Ordinal);
        Assert.Contains(Directory.GetFiles(_folder.Path, "*.incomplete", SearchOption.AllDirectories), path => new FileInfo(path).Length > 0);
        _hub.Cut = null;

        var folder = await Fetch(FakeHub.Model, Options);

        Assert.Equal(_hub.Files["model.safetensors"], File.ReadAllBytes(Path.Combine(folder, "model.safetensors")));
        Assert.Empty(Directory.GetFiles(_folder.Path, "*.incomplete", SearchOption.AllDirectories));
        Assert.Contains(_hub.Requests, request => request.From > 0);
    }

    [Fact]
    public async Task Fetch_ServerIgnoresRanges_BeginsAnew()
    {
        (_hub.Cut, _hub.IgnoresRanges) = ((20_000, 1), true);

        var folder = await Fetch(FakeHub.Model, Options);

        Assert.Equal(_hub.Files["model.safetensors"], File.ReadAllBytes(Path.Combine(folder, "model.safetensors")));
    }

    [Theory]
    [InlineData(5, "ended after")]
    [InlineData(-5, "is longer than the")]
    public async Task Fetch_SizeIsALie_IsRefused(int lie, string message)
    {
        _hub.SizeLie = lie;

        Assert.Contains(message, (await Refused(FakeHub.Model, Options)).Message, StringComparison.Ordinal);
        Assert.Null(HubDownload.Find(HubModelId.Parse(FakeHub.Model), Options));
    }

    [Theory]
    [InlineData("model.safetensors")]
    [InlineData("config.json")]
    public async Task Fetch_OtherBytes_AreThrownAway(string name)
    {
        var length = _hub.Files[name].Length;
        _hub.Corrupt = bytes => bytes.Length == length ? [.. bytes[..^1], (byte)(bytes[^1] ^ 1)] : bytes;

        Assert.Contains($"'{name}' is not what the Hub announces", (await Refused(FakeHub.Model, Options)).Message, StringComparison.Ordinal);
        _hub.Corrupt = bytes => bytes;
        await Fetch(FakeHub.Model, Options);
    }

    [Fact]
    public async Task Fetch_PrivateModel_NeedsTheTokenAndKeepsItFromOtherServers()
    {
        _hub.Token = "secret";

        Assert.Contains("set HF_TOKEN", (await Refused(FakeHub.Model, Options)).Message, StringComparison.Ordinal);
        Assert.Contains("has no access", (await Refused(FakeHub.Model, Options with { Token = "wrong" })).Message, StringComparison.Ordinal);
        await Fetch(FakeHub.Model, Options with { Token = "secret" });

        Assert.All(_hub.Requests.Where(request => request.Path.StartsWith("/elsewhere/", StringComparison.Ordinal)), request => Assert.Null(request.Authorization));
        Assert.Contains(_hub.Requests, request => request.Path.StartsWith("/elsewhere/", StringComparison.Ordinal));
        Assert.DoesNotContain(Directory.GetFiles(_folder.Path, "*", SearchOption.AllDirectories).Where(File.Exists), path => File.ReadAllText(path).Contains("secret", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Fetch_ServerBusy_IsAskedAgain()
    {
        _hub.Failures = 3;

        await Fetch(FakeHub.Model, Options);
    }

    [Fact]
    public async Task Fetch_PickleOnly_IsRefusedWithTheWayOut()
    {
        _hub.Files.Remove("model.safetensors");

        Assert.Contains("as a pickle only, which can run code when it is read. Convert it once in Python: AutoModel", (await Refused(FakeHub.Model, Options)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Fetch_UnknownModel_SaysSo() => Assert.Contains("There is no such model, revision or file", (await Refused("org/none", Options)).Message, StringComparison.Ordinal);

    [Fact]
    public async Task Fetch_FilesOfOtherFolders_AreLeftAlone()
    {
        _hub.Files["../../evil.json"] = "{}"u8.ToArray();
        _hub.Files["onnx/model.json"] = "{}"u8.ToArray();

        var folder = await Fetch(FakeHub.Model, Options);

        Assert.Equal(2, Directory.GetFileSystemEntries(folder).Length);
    }

    [Theory]
    [InlineData("EleutherAI/pythia-70m", "EleutherAI/pythia-70m", "main")]
    [InlineData("a/b@step3000", "a/b", "step3000")]
    [InlineData("a/b@refs/pr/1", "a/b", "refs/pr/1")]
    public void Parse_Id_IsNameAndRevision(string text, string name, string revision) => Assert.Equal(new HubModelId(name, revision), HubModelId.Parse(text));

    [Theory]
    [InlineData("gpt2")]
    [InlineData("a/b/c")]
    [InlineData("../b")]
    [InlineData("a/..")]
    [InlineData("a/b@../x")]
    [InlineData("a/b@")]
    [InlineData("/a/b")]
    public void Parse_AnythingElse_IsRefused(string text) =>
        Assert.Contains("names no model of the Hub", Assert.Throws<InputException>(() => HubModelId.Parse(text)).Message, StringComparison.Ordinal);

    private static Task<string> Fetch(string id, HubOptions options, IProgress<double>? progress = null) =>
        HubDownload.FetchAsync(HubModelId.Parse(id), options, progress, new HurriedTime(), TestContext.Current.CancellationToken);

    private static Task<InputException> Refused(string id, HubOptions options) => Assert.ThrowsAsync<InputException>(() => Fetch(id, options));

    private sealed class Shares(List<double> shares) : IProgress<double>
    {
        public void Report(double value)
        {
            lock (shares)
            {
                shares.Add(value);
            }
        }
    }
}
