using System.CommandLine;
using System.Text.Json.Nodes;
using RlhfSharp.Experiments.Runs;
using RlhfSharp.Models.Checkpoints;
using RlhfSharp.Models.Generation;
using RlhfSharp.Models.Heads;
using RlhfSharp.Models.Runtime;
using RlhfSharp.Models.Tokenization;
using static TorchSharp.torch;

namespace RlhfSharp.Cli.Commands;

/// <summary><c>rlhf generate</c>: continues prompts.</summary>
internal sealed class GenerateCommand : RlhfCommand
{
    private readonly Option<string> _model = new("--model") { Description = "A checkpoint or a run.", Required = true };
    private readonly Option<string[]> _prompt = new("--prompt") { Description = "A text to continue; may be given several times.", Required = true };
    private readonly Option<int> _count = new("--n") { Description = "Samples per prompt.", DefaultValueFactory = _ => 1 };
    private readonly Option<int> _tokens = new("--max-new-tokens") { Description = "The largest number of new tokens.", DefaultValueFactory = _ => 64 };
    private readonly Option<double> _temperature = new("--temperature") { Description = "0 takes the likeliest token each time.", DefaultValueFactory = _ => 1 };
    private readonly Option<int> _topK = new("--top-k") { Description = "Keep this many of the likeliest tokens; 0 keeps all." };
    private readonly Option<double> _topP = new("--top-p") { Description = "Keep the likeliest tokens that reach this probability together.", DefaultValueFactory = _ => 1 };
    private readonly Option<double> _minP = new("--min-p") { Description = "Drop tokens less likely than this share of the likeliest one's probability." };
    private readonly Option<double> _repetition = new("--repetition-penalty") { Description = "Above 1: tokens that are there already become less likely.", DefaultValueFactory = _ => 1 };
    private readonly Option<string[]> _stop = new("--stop") { Description = "End a sample at this text; may be given several times." };
    private readonly Option<double> _beta = new("--beta") { Description = "Steer by ILQL heads, this strongly." };
    private readonly Option<long> _seed = new("--seed") { Description = "The seed.", DefaultValueFactory = _ => 0 };
    private readonly Option<string?> _chat = new("--chat") { Description = "Write the prompt as a user's turn of this chat format, for instance human-assistant." };

    public GenerateCommand()
        : base("generate", "Continue prompts.")
    {
        foreach (var option in new Option[] { _model, _prompt, _count, _tokens, _temperature, _topK, _topP, _minP, _repetition, _stop, _beta, _seed, _chat })
        {
            Add(option);
        }
        Positive(_count);
        Positive(_tokens);
        _topP.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<double>() is not (> 0 and <= 1))
            {
                result.AddError("--top-p must be above 0 and at most 1.");
            }
        });
        _minP.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<double>() is not (>= 0 and <= 1))
            {
                result.AddError("--min-p must be from 0 to 1.");
            }
        });
        _repetition.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<double>() is not (> 0 and <= 1000))
            {
                result.AddError("--repetition-penalty must be above 0 and at most 1000.");
            }
        });
        _temperature.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<double>() is not >= 0)
            {
                result.AddError("--temperature must be 0 or more.");
            }
        });
    }

    protected override int Run(CommandContext context)
    {
        var device = context.SelectDevice();
        var directory = CheckpointPath.Resolve(context.Value(_model)!);
        using var model = Checkpoint.Load(directory, ScalarType.Float32, device);
        var tokenizer = TokenizerLoader.Load(directory);
        tokenizer.RequireFits(model.Config.VocabularySize, directory);
        var format = context.Value(_chat) is { } name ? ChatFormats.Get(name) : null;
        var ends = model.Config.EosTokenIds.Concat(tokenizer.EosId is { } end ? [end] : []).Distinct().ToList();
        var encoder = new PromptEncoder(tokenizer, format);
        int[] nothing = tokenizer.EosId is { } eos ? [eos] : [];   // something must come before the first token
        List<IReadOnlyList<int>> prompts = [.. context.Value(_prompt)!.Select(encoder.Question).Select(ids => ids.Count > 0 ? ids : nothing)];
        var options = new GenerationOptions
        {
            MaxNewTokens = context.Value(_tokens),
            Temperature = context.Value(_temperature),
            TopK = context.Value(_topK),
            TopP = context.Value(_topP),
            MinP = context.Value(_minP),
            RepetitionPenalty = context.Value(_repetition),
            StopStrings = [.. context.Value(_stop) ?? [], .. format?.StopStrings ?? []],
        };
        // One text can be read while it grows; of several the lines would mingle, and a file has no reader yet.
        var isLive = prompts.Count * (long)context.Value(_count) == 1 && !context.Json && context.WritesToTerminal;
        IReadOnlyList<GeneratedSample> samples;
        try
        {
            samples = new TextGenerator(model, ends, tokenizer).Generate(
                prompts,
                context.Value(_count),
                options,
                context.Value(_seed),
                Steering(context.Value(_beta), model.Head<IlqlHeads>(), directory),
                onText: isLive ? piece => Show(piece, context.Output) : null,
                cancellationToken: context.CancellationToken);
        }
        finally
        {
            if (isLive)
            {
                context.Output.WriteLine();   // also where an error ends the line
            }
        }
        if (context.Json)
        {
            context.WriteJson(new JsonObject { ["samples"] = new JsonArray([.. samples.Select(Json)]) });
            return ExitCodes.Done;
        }
        if (isLive)
        {
            return ExitCodes.Done;
        }
        foreach (var sample in samples)
        {
            context.Output.WriteLine(samples.Count > 1 ? $"[{sample.Prompt}.{sample.Sample}] {sample.Text}" : sample.Text);
        }
        return ExitCodes.Done;
    }

    private static IReadOnlyList<ILogitsProcessor> Steering(double beta, IlqlHeads? heads, string directory)
    {
        if (beta == 0)
        {
            return [];
        }
        return heads is null ? throw new InputException($"--beta steers by ILQL heads, and '{directory}' has none ({IlqlHeads.HeadsFileName}).") : [new IlqlSteering(heads, beta)];
    }

    private static void Show(TextDelta piece, TextWriter output)
    {
        output.Write(piece.Text);
        output.Flush();
    }

    private static JsonNode Json(GeneratedSample sample) => new JsonObject
    {
        ["prompt"] = sample.Prompt,
        ["sample"] = sample.Sample,
        ["text"] = sample.Text,
        ["tokens"] = new JsonArray([.. sample.Tokens.Select(token => JsonValue.Create(token))]),
        ["logprobs"] = new JsonArray([.. sample.LogProbs.Select(value => JsonValue.Create(value))]),
        ["finish"] = sample.Finish == FinishReason.Stop ? "stop" : "length",
    };

    private static void Positive(Option<int> option) => option.Validators.Add(result =>
    {
        if (result.GetValueOrDefault<int>() <= 0)
        {
            result.AddError($"{option.Name} must be 1 or more.");
        }
    });
}
