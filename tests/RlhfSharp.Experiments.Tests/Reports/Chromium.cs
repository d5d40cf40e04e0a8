using System.Diagnostics;
using System.Net.Http.Json;
using System.Net.WebSockets;
using System.Text.Json.Nodes;

namespace RlhfSharp.Experiments.Tests.Reports;

/// <summary>A real browser without a window, driven over its debugging protocol (https://chromedevtools.github.io/devtools-protocol).</summary>
internal sealed class Chromium : IAsyncDisposable
{
    private static readonly string[] Names = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome.exe"];

    private readonly Process _process;
    private readonly ClientWebSocket _socket;
    private readonly List<string> _problems = [];
    private int _calls;

    private Chromium(Process process, ClientWebSocket socket) => (_process, _socket) = (process, socket);

    /// <summary>Gets where a browser lies: what RLHFSHARP_CHROMIUM names, or the first on the path; null where there is none.</summary>
    public static string? Location { get; } = Environment.GetEnvironmentVariable("RLHFSHARP_CHROMIUM") is { Length: > 0 } named ? named
        : (Environment.GetEnvironmentVariable("PATH") ?? string.Empty).Split(Path.PathSeparator).SelectMany(folder => Names.Select(name => Path.Combine(folder, name))).FirstOrDefault(File.Exists);

    /// <summary>Gets uncaught errors, console messages and broken policies of the pages so far.</summary>
    public IReadOnlyList<string> Problems => _problems;

    /// <summary>Starts a browser that keeps its files in a folder.</summary>
    public static async Task<Chromium> StartAsync(string folder)
    {
        var start = new ProcessStartInfo(Location!) { RedirectStandardError = true, RedirectStandardOutput = true };
        foreach (var argument in new[]
        {
            "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-dev-shm-usage", "--no-first-run", "--disable-background-networking", "--disable-component-update",
            "--disable-sync", "--disable-extensions", "--window-size=1300,1000", "--remote-debugging-port=0", $"--user-data-dir={folder}", "about:blank",
        })
        {
            start.ArgumentList.Add(argument);
        }
        var process = Process.Start(start)!;
        process.ErrorDataReceived += (_, _) => { };   // read, or a full pipe stops the browser
        process.BeginErrorReadLine();
        process.BeginOutputReadLine();
        try
        {
            var socket = new ClientWebSocket();
            await socket.ConnectAsync(await FindPageAsync(Path.Combine(folder, "DevToolsActivePort")), CancellationToken.None);
            var browser = new Chromium(process, socket);
            foreach (var domain in new[] { "Page", "Runtime", "Log" })
            {
                await browser.CallAsync($"{domain}.enable");
            }
            return browser;
        }
        catch
        {
            process.Kill(entireProcessTree: true);
            throw;
        }
    }

    /// <summary>Opens a file and waits until it has run its scripts.</summary>
    public async Task OpenAsync(string path, bool scripts = true)
    {
        await CallAsync("Emulation.setScriptExecutionDisabled", new() { ["value"] = !scripts });
        await CallAsync("Page.navigate", new() { ["url"] = new Uri(path).AbsoluteUri });
        while ((string)(await ReceiveAsync())["method"]! != "Page.loadEventFired")
        {
        }
    }

    /// <summary>Evaluates an expression in the page.</summary>
    public async Task<JsonNode?> EvaluateAsync(string expression)
    {
        var answer = await CallAsync("Runtime.evaluate", new() { ["expression"] = expression, ["returnByValue"] = true });
        return answer["exceptionDetails"] is { } error ? throw new InvalidOperationException($"{expression}: {error.ToJsonString()}") : answer["result"]!["value"]?.DeepClone();
    }

    /// <summary>Presses the mouse in the middle of an element, wherever that lies.</summary>
    public async Task ClickAsync(string selector)
    {
        var place = await EvaluateAsync($$"""(() => { const e = document.querySelector(`{{selector}}`); e.scrollIntoView({ block: 'center' }); const r = e.getBoundingClientRect(); return [r.x + r.width / 2, r.y + r.height / 2]; })()""");
        foreach (var type in new[] { "mousePressed", "mouseReleased" })
        {
            await CallAsync("Input.dispatchMouseEvent", new() { ["type"] = type, ["x"] = (double)place![0]!, ["y"] = (double)place[1]!, ["button"] = "left", ["clickCount"] = 1 });
        }
    }

    /// <summary>Presses a key, such as ArrowRight or Enter.</summary>
    public async Task PressAsync(string key)
    {
        var code = key switch { "Enter" => 13, "Tab" => 9, "ArrowLeft" => 37, "ArrowUp" => 38, "ArrowRight" => 39, _ => 40 };
        JsonObject Key(string type) => new() { ["type"] = type, ["key"] = key, ["code"] = key, ["windowsVirtualKeyCode"] = code };
        var down = Key("keyDown");
        if (key == "Enter")
        {
            down["text"] = "\r";   // what makes it a press of the button that has the focus
        }
        await CallAsync("Input.dispatchKeyEvent", down);
        await CallAsync("Input.dispatchKeyEvent", Key("keyUp"));
    }

    public async ValueTask DisposeAsync()
    {
        _socket.Dispose();
        _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync();
        _process.Dispose();
    }

    private static async Task<Uri> FindPageAsync(string portFile)
    {
        using var client = new HttpClient();
        for (var tries = 0; ; tries++)
        {
            try
            {
                var port = (await File.ReadAllLinesAsync(portFile))[0];
                var pages = (await client.GetFromJsonAsync<JsonArray>($"http://127.0.0.1:{port}/json/list"))!;
                return new Uri((string)pages.First(page => (string)page!["type"]! == "page")!["webSocketDebuggerUrl"]!);
            }
            catch (Exception exception) when (tries < 300 && exception is IOException or HttpRequestException or IndexOutOfRangeException or InvalidOperationException)
            {
                await Task.Delay(100);
            }
        }
    }

    private async Task<JsonNode> CallAsync(string method, JsonObject? parameters = null)
    {
        var id = ++_calls;
        var message = new JsonObject { ["id"] = id, ["method"] = method, ["params"] = parameters ?? [] };
        await _socket.SendAsync(System.Text.Encoding.UTF8.GetBytes(message.ToJsonString()), WebSocketMessageType.Text, endOfMessage: true, CancellationToken.None);
        while (true)
        {
            var answer = await ReceiveAsync();
            if ((int?)answer["id"] == id)
            {
                return answer["result"] ?? throw new InvalidOperationException($"{method}: {answer["error"]!.ToJsonString()}");
            }
        }
    }

    private async Task<JsonNode> ReceiveAsync()
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        using var message = new MemoryStream();
        var buffer = new byte[1 << 16];
        WebSocketReceiveResult part;
        do
        {
            part = await _socket.ReceiveAsync(buffer, limit.Token);
            message.Write(buffer, 0, part.Count);
        }
        while (!part.EndOfMessage);
        var json = JsonNode.Parse(message.ToArray())!;
        if ((string?)json["method"] is "Runtime.exceptionThrown" or "Runtime.consoleAPICalled" or "Log.entryAdded")
        {
            _problems.Add(json["params"]!.ToJsonString());
        }
        return json;
    }
}
