using System.CommandLine;
using System.Text.Json.Nodes;
using RlhfSharp.Experiments.Poems;
using RlhfSharp.Experiments.TinyWorld;
using RlhfSharp.Models.Runtime;

namespace RlhfSharp.Cli.Commands;

/// <summary><c>rlhf data taste</c>: pairs of poems with the preference of a planted taste, to train a reward model on, and the taste beside them.</summary>
internal sealed class DataTasteCommand : RlhfCommand
{
    private readonly Option<string> _out = new("--out") { Description = "The file of JSON lines to write. The taste goes beside it, with the ending .planted.yaml.", Required = true };
    private readonly Option<int> _pairs = new("--pairs") { Description = "How many pairs.", DefaultValueFactory = _ => 12_000 };
    private readonly Option<long> _seed = new("--seed") { Description = "The seed of the pairs; 0 unless given." };
    private readonly Option<long?> _draw = new("--draw") { Description = "Draw the taste's places and signs by this seed. The built-in world's own taste unless given." };
    private readonly Option<string?> _taste = new("--taste") { Description = "A file with the taste to use." };
    private readonly Option<bool> _overwrite = new("--overwrite") { Description = "Replace the files if they exist." };

    public DataTasteCommand()
        : base("taste", "Write pairs of the built-in world's poems with the preference of a planted taste.")
    {
        foreach (var option in new Option[] { _out, _pairs, _seed, _draw, _taste, _overwrite })
        {
            Add(option);
        }
        _pairs.AtLeast(1);
        Validators.Add(result =>
        {
            if (result.GetResult(_draw) is not null && result.GetResult(_taste) is not null)
            {
                result.AddError("--draw makes a taste and --taste names one. Give one of them.");
            }
        });
    }

    protected override int Run(CommandContext context)
    {
        var path = context.Value(_out)!;
        var planted = Path.ChangeExtension(path, ".planted.yaml");
        var taste = Taste(context);
        OutputFile.Require(path, context.Value(_overwrite));
        OutputFile.Require(planted, context.Value(_overwrite));
        var (pairs, seed) = (context.Value(_pairs), context.Value(_seed));
        JsonLines.Write(
            path,
            Enumerable.Range(0, pairs).Select(index => TastePairs.Write(seed, index, taste))
                .Select(pair => new JsonObject { ["prompt"] = pair.Prompt, ["chosen"] = pair.Chosen, ["rejected"] = pair.Rejected }),
            context.CancellationToken.ThrowIfCancellationRequested);
        taste.Write(planted);
        if (context.Json)
        {
            context.WriteJson(new JsonObject { ["file"] = path, ["pairs"] = pairs, ["planted"] = planted });
            return ExitCodes.Done;
        }
        context.Output.WriteLine($"{path}: {pairs} pairs of poems. What is planted in them: {planted}");
        return ExitCodes.Done;
    }

    private PlantedTaste Taste(CommandContext context) =>
        context.Value(_draw) is { } seed ? PlantedTaste.Draw(seed) : context.Value(_taste) is { } path ? PlantedTaste.Read(path) : PlantedTaste.BuiltIn;
}
