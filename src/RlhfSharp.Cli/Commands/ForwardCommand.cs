using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Nodes;
using RlhfSharp.Experiments.Runs;
using RlhfSharp.Models;
using RlhfSharp.Models.Checkpoints;
using RlhfSharp.Models.Generation;
using RlhfSharp.Models.Runtime;
using static TorchSharp.torch;

namespace RlhfSharp.Cli.Commands;

/// <summary><c>rlhf forward</c>: what the network computes for given token ids, to compare with other programs: the next token's logits
/// at every position of a language model, the scores of a classifier or reward model.</summary>
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
        var folder = CheckpointPath.Resolve(context.Value(_model)!);
        context.WriteJson(Checkpoint.IsClassifier(folder) ? Scores(context, folder, input, device) : NextTokens(context, folder, input, device));
        return ExitCodes.Done;
    }

    private JsonObject NextTokens(CommandContext context, string folder, MaskedBatch input, Device device)
    {
        using var model = Checkpoint.Load(folder, ScalarType.Float32, device);
        input.Check(model.Config);
        var answer = new JsonObject { ["logits"] = Logits(model, input) };
        if (context.Value(_greedy) is > 0 and var count)
        {
            var samples = new TextGenerator(model, endTokens: []).Generate(
                input.Rows, 1, new GenerationOptions { Temperature = 0, MaxNewTokens = count }, seed: 0, cancellationToken: context.CancellationToken);
            answer["greedy"] = new JsonArray([.. samples.Select(sample => JsonSerializer.SerializeToNode(sample.Tokens))]);
        }
        return answer;
    }

    private JsonObject Scores(CommandContext context, string folder, MaskedBatch input, Device device)
    {
        if (context.Value(_greedy) > 0)
        {
            throw new InputException("--greedy needs a language model; this checkpoint is a classifier, which gives no next token.");
        }
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        using var model = Checkpoint.LoadClassifier(folder, ScalarType.Float32, device);
        input.Check(model.Config);
        var scores = model.Scores(input.Rows).cpu().data<float>().Chunk(model.LabelCount).ToList();
        var answer = new JsonObject { ["logits"] = new JsonArray([.. scores.Select(row => JsonSerializer.SerializeToNode(row))]) };
        if (model.LabelCount == 1)
        {
            answer["reward"] = JsonSerializer.SerializeToNode(scores.Select(row => row[0]));
        }
        return answer;
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
