using System.CommandLine;
using System.Text.Json.Nodes;
using RlhfSharp.Experiments.TinyWorld;
using RlhfSharp.Models.Runtime;

namespace RlhfSharp.Cli.Commands;

/// <summary><c>rlhf data taste</c>: pairs of poems with the preference of a planted taste, to train a reward model on.</summary>
internal sealed class DataTasteCommand : RlhfCommand
{
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
        OutputFile.Require(path, context.Value(_overwrite));
        var (pairs, seed) = (context.Value(_pairs), context.Value(_seed));
        JsonLines.Write(
            path,
            Enumerable.Range(0, pairs).Select(index => TastePairs.Write(seed, index)).Select(pair => new JsonObject { ["prompt"] = pair.Prompt, ["chosen"] = pair.Chosen, ["rejected"] = pair.Rejected }),
            context.CancellationToken.ThrowIfCancellationRequested);
        if (context.Json)
        {
            context.WriteJson(new JsonObject { ["file"] = path, ["pairs"] = pairs });
            return ExitCodes.Done;
        }
        context.Output.WriteLine($"{path}: {pairs} pairs of poems.");
        return ExitCodes.Done;
    }
}
