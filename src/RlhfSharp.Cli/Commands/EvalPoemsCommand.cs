using System.CommandLine;
using System.Text.Json.Nodes;
using RlhfSharp.Experiments.Poems;
using RlhfSharp.Models.Generation;
using RlhfSharp.Models.Runtime;
using RlhfSharp.Models.Tokenization;

namespace RlhfSharp.Cli.Commands;

/// <summary><c>rlhf eval poems</c>: how often does a model write the genre and the tone that it is asked for?</summary>
internal sealed class EvalPoemsCommand : RlhfCommand
{
    private readonly Option<string> _model = new("--model") { Description = "A checkpoint with a tokenizer, or a run.", Required = true };
    private readonly Option<int> _poems = new("--poems") { Description = "How many poems of each of the 25 genres and tones, and how many rewritten ones.", DefaultValueFactory = _ => 20 };
    private readonly Option<string> _format = new("--format") { Description = "The chat format.", DefaultValueFactory = _ => "human-assistant" };
    private readonly Option<double> _temperature = new("--temperature") { Description = "The temperature.", DefaultValueFactory = _ => 1.0 };
    private readonly Option<int> _topK = new("--top-k") { Description = "How many of the likeliest tokens are kept; 0 keeps all." };
    private readonly Option<int> _maxNewTokens = new("--max-new-tokens") { Description = "The largest number of tokens of a poem.", DefaultValueFactory = _ => 160 };
    private readonly Option<long> _seed = new("--seed") { Description = "Decides what is sampled." };
    private readonly Option<string?> _out = new("--out") { Description = "A JSONL file for the poems, one per line." };
    private readonly Option<bool> _overwrite = new("--overwrite") { Description = "Replace that file if it exists." };

    public EvalPoemsCommand()
        : base("poems", "Score how often a model writes the genre and the tone of poem that it is asked for.")
    {
        foreach (var option in new Option[] { _model, _poems, _format, _temperature, _topK, _maxNewTokens, _seed, _out, _overwrite })
        {
            Add(option);
        }
        _poems.AtLeast(1);
        _topK.AtLeast(0);
        _maxNewTokens.AtLeast(1);
        _temperature.AtLeast(0.0);
    }

    protected override int Run(CommandContext context)
    {
        if (context.Value(_out) is { } path)
        {
            OutputFile.Require(path, context.Value(_overwrite));
        }
        var scoring = new PoetScoring(ChatFormats.Get(context.Value(_format)!), context.SelectDevice());
        var generation = new GenerationOptions { MaxNewTokens = context.Value(_maxNewTokens), Temperature = context.Value(_temperature), TopK = context.Value(_topK) };
        var result = scoring.Score(context.Value(_model)!, context.Value(_poems), generation, context.Value(_seed), context.CancellationToken);
        if (context.Value(_out) is { } file)
        {
            JsonLines.Write(file, result.Poems.Select(Row));
        }
        ScoreOutput.Write(context, result.Scores);
        return ExitCodes.Done;
    }

    private static JsonObject Row(RequestedPoem poem) => new()
    {
        ["genre"] = poem.Genre.ToString().ToLowerInvariant(),
        ["tone"] = poem.Tone.ToString().ToLowerInvariant(),
        ["subject"] = poem.Subject,
        ["judged_genre"] = poem.JudgedGenre.ToString().ToLowerInvariant(),
        ["judged_tone"] = poem.JudgedTone?.ToString().ToLowerInvariant(),
        ["text"] = poem.Text,
    };
}
