using System.CommandLine;
using System.CommandLine.Parsing;
using RlhfSharp.Experiments.Endpoints;
using RlhfSharp.Experiments.PinkElephants;
using RlhfSharp.Models.Tokenization;

namespace RlhfSharp.Cli.Commands;

/// <summary><c>rlhf eval pink-elephants</c>: how often does a model mention what it was told not to mention?</summary>
internal sealed class EvalPinkElephantsCommand : RlhfCommand
{
    private const string Validation = "validation", Evaluation = "evaluation";

    private static readonly PinkElephantEvaluationOptions Defaults = new();

    private readonly Option<string?> _model = new("--model") { Description = "A checkpoint with a tokenizer, or a run." };
    private readonly Option<string?> _data = new("--data") { Description = "A folder that 'rlhf data pink-elephants' wrote; the built-in dialogues unless given." };
    private readonly Option<string> _split = new("--split") { Description = $"Which pairs of things: {Evaluation} or {Validation}.", DefaultValueFactory = _ => Evaluation };
    private readonly Option<int> _dialogues = new("--dialogues") { Description = "How many dialogues; 0 takes all of them." };
    private readonly Option<string> _format = new("--format") { Description = "The chat format of local models.", DefaultValueFactory = _ => "human-assistant" };
    private readonly Option<double> _beta = new("--beta") { Description = "How strongly ILQL heads steer, where the model has them.", DefaultValueFactory = _ => Defaults.Beta };
    private readonly Option<double> _temperature = new("--temperature") { Description = "The temperature.", DefaultValueFactory = _ => Defaults.Temperature };
    private readonly Option<int> _topK = new("--top-k") { Description = "How many of the likeliest tokens are kept; 0 keeps all.", DefaultValueFactory = _ => Defaults.TopK };
    private readonly Option<int> _maxNewTokens = new("--max-new-tokens") { Description = "The largest number of tokens of an answer.", DefaultValueFactory = _ => Defaults.MaxNewTokens };
    private readonly Option<string?> _judge = new("--judge") { Description = "A model trained on good answers; adds its perplexity relative to them." };
    private readonly Option<long> _seed = new("--seed") { Description = "Decides what is sampled." };
    private readonly Option<string?> _out = new("--out") { Description = "A JSONL file for the answers, one line per dialogue." };
    private readonly EndpointArguments _endpoint = new();
    private readonly Option<string?> _transcript = new("--transcript")
    {
        Description = "With --endpoint: the JSONL file that keeps every answer as it comes; what it holds is not asked again.",
        HelpName = "FILE",
    };

    public EvalPinkElephantsCommand()
        : base("pink-elephants", "Score how a model keeps to an instruction not to mention something, and only to that.")
    {
        Option[] options =
            [_model, _data, _split, _dialogues, _format, _beta, _temperature, _topK, _maxNewTokens, _judge, _seed, _out, .. _endpoint.Connection, _transcript];
        foreach (var option in options)
        {
            Add(option);
        }
        _split.AcceptOnlyFromAmong(Evaluation, Validation);
        _dialogues.AtLeast(0);
        _topK.AtLeast(0);
        _maxNewTokens.AtLeast(1);
        _beta.AtLeast(0.0);
        _temperature.AtLeast(0.0);
        Validators.Add(CheckWhoAnswers);
    }

    protected override int Run(CommandContext context)
    {
        var device = context.SelectDevice();
        var set = context.Value(_data) is { } folder ? DialogueFiles.ReadFolder(folder) : DialogueSet.Create(seed: 0);
        var dialogues = DialogueSet.Some(context.Value(_split) == Validation ? set.Validation : set.Evaluation, context.Value(_dialogues));
        context.Error.WriteLine($"{dialogues.Count} dialogues about {dialogues.Select(dialogue => dialogue.Pair).Distinct().Count()} pairs of things ...");
        var scoring = new PinkElephantScoring(dialogues, ChatFormats.Get(context.Value(_format)!), context.Value(_judge), device);
        var result = context.Value(_model) is { } model ? ScoreModel(context, scoring, model) : AskEndpoint(context, scoring);
        if (context.Value(_out) is { } file)
        {
            DialogueFiles.WriteAnswers(file, result.Answers);
        }
        ScoreOutput.Write(context, result.Scores);
        return ExitCodes.Done;
    }

    // Either a local model or an endpoint answers, and only what it knows of can be asked of it.
    private void CheckWhoAnswers(CommandResult result)
    {
        _endpoint.RequireWhole(result, _transcript);
        var isLocal = result.GetResult(_model) is not null;
        if (isLocal == _endpoint.IsGiven(result))
        {
            result.AddError($"Give --model for a checkpoint or a run, or --endpoint and --endpoint-model for a language model elsewhere{(isLocal ? "; not both" : string.Empty)}.");
        }
        else if (!isLocal && result.GetResult(_transcript) is null)
        {
            result.AddError("--endpoint needs --transcript FILE, where every answer is kept.");
        }
        else if (!isLocal && new Option[] { _format, _beta, _topK }.FirstOrDefault(option => result.GetResult(option) is { Implicit: false }) is { } local)
        {
            result.AddError($"{local.Name} is about local models; an endpoint knows nothing of it.");
        }
    }

    private PinkElephantScores ScoreModel(CommandContext context, PinkElephantScoring scoring, string model)
    {
        var options = Defaults with
        {
            Beta = context.Value(_beta),
            Temperature = context.Value(_temperature),
            TopK = context.Value(_topK),
            MaxNewTokens = context.Value(_maxNewTokens),
        };
        return scoring.Score(model, options, context.Value(_seed), context.CancellationToken);
    }

    private PinkElephantScores AskEndpoint(CommandContext context, PinkElephantScoring scoring)
    {
        var options = _endpoint.Change(context, before: null)! with { Temperature = context.Value(_temperature), MaxTokens = context.Value(_maxNewTokens) };
        using var progress = new RequestProgress(context.Error);
        using var client = EndpointClient.Open(options, context.Value(_transcript)!, TimeProvider.System, progress);
        return scoring.ScoreAsync(client, context.Value(_seed), progress, context.CancellationToken).GetAwaiter().GetResult();
    }
}
