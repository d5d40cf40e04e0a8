using System.CommandLine;
using System.Text.Json.Nodes;
using RlhfSharp.Models.Hub;

namespace RlhfSharp.Cli.Commands;

/// <summary><c>rlhf download</c>: fetches a model from the Hugging Face Hub.</summary>
internal sealed class DownloadCommand : RlhfCommand
{
    private readonly Argument<string> _id = new("MODEL") { Description = "organisation/name, or organisation/name@revision." };
    private readonly Option<bool> _offline = new("--offline") { Description = "Ask nothing over the network: only say where the model lies if it was fetched before." };
    private readonly Option<int?> _concurrency = new("--concurrency") { Description = "Files fetched at a time; 4 unless given." };
    private readonly Option<string?> _cache = new("--cache") { Description = "The cache's folder; Hugging Face's own unless given.", HelpName = "DIR" };

    public DownloadCommand()
        : base("download", "Fetch a model from the Hugging Face Hub, or go on with a download that was cut off.")
    {
        Add(_id);
        foreach (var option in new Option[] { _offline, _concurrency, _cache })
        {
            Add(option);
        }
        _concurrency.Between(1, 64);
    }

    protected override int Run(CommandContext context)
    {
        var id = HubModelId.Parse(context.Value(_id)!);
        var usual = new HubOptions();
        var options = usual with
        {
            IsOffline = context.Value(_offline) || usual.IsOffline,
            Concurrency = context.Value(_concurrency) ?? usual.Concurrency,
            CacheDirectory = context.Value(_cache) ?? usual.CacheDirectory,
        };
        string folder;
        using (var progress = new ShareProgress(context.Error, id.ToString()))
        {
            folder = HubDownload.FetchAsync(id, options, progress, TimeProvider.System, context.CancellationToken).GetAwaiter().GetResult();
        }
        if (context.Json)
        {
            context.WriteJson(new JsonObject { ["model"] = id.ToString(), ["path"] = folder });
            return ExitCodes.Done;
        }
        context.Output.WriteLine(folder);
        return ExitCodes.Done;
    }
}
