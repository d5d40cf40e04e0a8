using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Nodes;
using RlhfSharp.Experiments.Runs;
using RlhfSharp.Models;
using RlhfSharp.Models.Checkpoints;
using RlhfSharp.Models.Generation;
using static TorchSharp.torch;

namespace RlhfSharp.Cli.Commands;

/// <summary><c>rlhf forward</c>: what the network computes for given token ids, to compare with other programs.</summary>
internal sealed class ForwardCommand : RlhfCommand
{
    private readonly Option<string> _model = new("--model") { Description = "A checkpoint or a run.", Required = true };
    private readonly Option<string> _input = new("--input") { Description = "A JSON file: {\"input_ids\": [[...]], \"attention_mask\": [[...]]}; the mask is optional.", Required = true };
    private readonly Option<int> _greedy = new("--greedy") { Description = "Also continue each row by this many of the likeliest tokens, end of sequence ignored." };

    public ForwardCommand()
        : base("forward", "Print what the network computes for given token ids.")
    {
        Add(_model);
        Add(_input);
        Add(_greedy);
    }

    protected override int Run(CommandContext context)
    {
        var device = context.SelectDevice();
        var input = MaskedBatch.Read(context.Value(_input)!);
        using var model = Checkpoint.Load(CheckpointPath.Resolve(context.Value(_model)!), ScalarType.Float32, device);
        input.Check(model.Config);
        var answer = new JsonObject { ["logits"] = Logits(model, input) };
        if (context.Value(_greedy) is > 0 and var count)
        {
            var samples = new TextGenerator(model, endTokens: []).Generate(
                input.Rows, 1, new GenerationOptions { Temperature = 0, MaxNewTokens = count }, seed: 0, cancellationToken: context.CancellationToken);
            answer["greedy"] = new JsonArray([.. samples.Select(sample => JsonSerializer.SerializeToNode(sample.Tokens))]);
        }
        context.WriteJson(answer);
        return ExitCodes.Done;
    }

    // Logits of padding are what the peer's would be for no one: zeros, so that rows keep their places.
    private static JsonArray Logits(LanguageModel model, MaskedBatch input)
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        var hidden = model.HiddenStates(input.Rows);
        var result = new JsonArray();
        var next = 0L;
        foreach (var mask in input.Masks)
        {
            var row = new JsonArray();
            foreach (var isReal in mask)
            {
                using var positionScope = NewDisposeScope();
                var logits = isReal ? model.Logits(hidden.narrow(0, next++, 1)).squeeze(0).to(ScalarType.Float32).cpu().data<float>().ToArray() : new float[model.Config.VocabularySize];
                row.Add(JsonSerializer.SerializeToNode(logits));
            }
            result.Add(row);
        }
        return result;
    }
}
