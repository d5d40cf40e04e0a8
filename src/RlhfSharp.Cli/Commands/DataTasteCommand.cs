using System.CommandLine;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using RlhfSharp.Experiments.TinyWorld;
using RlhfSharp.Models.Runtime;

namespace RlhfSharp.Cli.Commands;

/// <summary><c>rlhf data taste</c>: pairs of poems with the preference of a planted taste, to train a reward model on.</summary>
internal sealed class DataTasteCommand : RlhfCommand
{
    private static readonly JsonSerializerOptions Line = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };   // no browser reads these

    private readonly Option<string> _out = new("--out") { Description = "The file of JSON lines to write.", Required = true };
    private readonly Option<int> _pairs = new("--pairs") { Description = "How many pairs.", DefaultValueFactory = _ => 4000 };
    private readonly Option<long> _seed = new("--seed") { Description = "The seed; 0 unless given." };
    private readonly Option<bool> _overwrite = new("--overwrite") { Description = "Replace the file if it exists." };

    public DataTasteCommand()
        : base("taste", "Write pairs of the built-in world's poems with the preference of a planted taste.")
    {
        foreach (var option in new Option[] { _out, _pairs, _seed, _overwrite })
        {
            Add(option);
        }
        _pairs.AtLeast(1);
    }

    protected override int Run(CommandContext context)
    {
        var path = context.Value(_out)!;
        if (Path.Exists(path) && !context.Value(_overwrite))
        {
            throw new InputException($"'{path}' exists. Replace it by --overwrite, or choose another file by --out.");
        }
        if (Path.GetDirectoryName(Path.GetFullPath(path)) is { } folder)
        {
            Directory.CreateDirectory(folder);
        }
        var (pairs, seed) = (context.Value(_pairs), context.Value(_seed));
        AtomicFile.Write(path, stream =>
        {
            using var writer = new StreamWriter(stream, leaveOpen: true) { NewLine = "\n" };
            for (var index = 0; index < pairs; index++)
            {
                context.CancellationToken.ThrowIfCancellationRequested();
                var (prompt, chosen, rejected) = TastePairs.Write(seed, index);
                writer.WriteLine(new JsonObject { ["prompt"] = prompt, ["chosen"] = chosen, ["rejected"] = rejected }.ToJsonString(Line));
            }
        });
        if (context.Json)
        {
            context.WriteJson(new JsonObject { ["file"] = path, ["pairs"] = pairs });
            return ExitCodes.Done;
        }
        context.Output.WriteLine($"{path}: {pairs} pairs of poems.");
        return ExitCodes.Done;
    }
}
