using System.CommandLine;
using RlhfSharp.Experiments.Runs;
using RlhfSharp.Models;
using RlhfSharp.Models.Adapters;
using RlhfSharp.Models.Checkpoints;
using RlhfSharp.Models.Runtime;
using RlhfSharp.Models.Tokenization;
using static TorchSharp.torch;

namespace RlhfSharp.Cli.Commands;

/// <summary><c>rlhf merge</c>: makes an adapter part of its model.</summary>
internal sealed class MergeCommand : RlhfCommand
{
    private const double BytesPerGigabyte = 1e9;

    private readonly Option<string> _model = new("--model") { Description = "An adapter in PEFT's format, or a run that trained one.", Required = true };
    private readonly Option<string> _output = new("--output") { Description = "The folder for the whole model; it must not hold one.", Required = true };
    private readonly Option<string> _type = ElementTypeOption.Create("What to store");
    private readonly Option<double> _shards = new("--max-shard-size") { Description = "The largest file of weights, in GB.", DefaultValueFactory = _ => 5 };

    public MergeCommand()
        : base("merge", "Make an adapter part of its model.")
    {
        foreach (var option in new Option[] { _model, _output, _type, _shards })
        {
            Add(option);
        }
        _shards.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<double>() is not > 0)
            {
                result.AddError("--max-shard-size must be above 0.");
            }
        });
    }

    protected override int Run(CommandContext context)
    {
        var device = context.SelectDevice();
        var (folder, output) = (CheckpointPath.Resolve(context.Value(_model)!), context.Value(_output)!);
        if (Checkpoint.Exists(output))
        {
            throw new InputException($"'{output}' holds a model already. Name another folder for --output.");
        }
        var type = ElementTypeOption.Get(context, _type);
        using var model = Checkpoint.IsClassifier(folder) ? (TransformerModel)Checkpoint.LoadClassifier(folder, ScalarType.Float32, device) : Checkpoint.Load(folder, ScalarType.Float32, device);
        if (model.Adapter is not { } adapter)
        {
            throw new InputException($"'{folder}' is no adapter: there is nothing to merge.");
        }
        var tokenizer = TokenizerLoader.TryLoad(folder) ?? TokenizerLoader.TryLoad(adapter.BaseModel);
        var layers = adapter.Layers.Count;
        AdapterMerging.Merge(model);
        Checkpoint.Save(model, output, type, (long)(context.Value(_shards) * BytesPerGigabyte));
        tokenizer?.Save(output);
        context.Output.WriteLine($"{layers} layers merged: '{output}'");
        return ExitCodes.Done;
    }
}
