using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using RlhfSharp.Experiments.Runs;
using RlhfSharp.Models.Runtime;
using RlhfSharp.Training.Data;
using RlhfSharp.Training.Metrics;
using RlhfSharp.Training.Rewards;
using static TorchSharp.torch;

namespace RlhfSharp.Cli.Commands;

/// <summary><c>rlhf score</c>: what a reward model thinks of answers, and how often it agrees with preferences.</summary>
internal sealed class ScoreCommand : RlhfCommand
{
    private readonly Option<string> _model = new("--model") { Description = "A reward model: a checkpoint with a tokenizer, or a run.", Required = true };
    private readonly Option<string> _input = new("--input") { Description = "A JSONL or Parquet file in one of TRL's schemas: texts, prompts with completions, or preferences.", Required = true };
    private readonly Option<string?> _output = new("--output") { Description = "A JSONL file for the scores, one line per row." };
    private readonly Option<string?> _format = new("--format") { Description = $"What the model reads; its own form unless given. Allowed: {string.Join(", ", RewardFormat.Names)}." };
    private readonly Option<int?> _label = new("--label") { Description = "Which score counts, from 0, where the model gives several." };
    private readonly Option<string> _type = new("--dtype") { Description = "What to compute in: float32, bfloat16 or float16.", DefaultValueFactory = _ => "float32" };
    private readonly Option<OnBadRow> _onBadRow = new("--on-bad-row") { Description = "What happens with a row that cannot be scored: error or skip.", DefaultValueFactory = _ => OnBadRow.Error };

    public ScoreCommand()
        : base("score", "Score answers by a reward model, and count how often it agrees with preferences.")
    {
        foreach (var option in new Option[] { _model, _input, _output, _format, _label, _type, _onBadRow })
        {
            Add(option);
        }
        _type.AcceptOnlyFromAmong("float32", "bfloat16", "float16");
    }

    protected override int Run(CommandContext context)
    {
        var device = context.SelectDevice();
        var type = context.Value(_type) switch { "bfloat16" => ScalarType.BFloat16, "float16" => ScalarType.Float16, _ => ScalarType.Float32 };
        var badRows = new BadRows(context.Value(_onBadRow));
        var rows = RowScoring.Read(context.Value(_input)!, badRows);
        using var scorer = RewardModelScorer.Load(CheckpointPath.Resolve(context.Value(_model)!), context.Value(_format), context.Value(_label), type, device);
        ScoringResult result;
        using (var progress = new ShareProgress(context.Error, "scoring"))
        {
            result = RowScoring.ScoreAsync(rows, scorer, progress, context.CancellationToken).GetAwaiter().GetResult();
        }
        Warn(context, badRows.Skipped.Count, "could not be read and were skipped");
        Warn(context, scorer.CutCount, "are longer than the model's context and were scored without a part");
        if (context.Value(_output) is { } path)
        {
            AtomicFile.WriteAllText(path, string.Concat(result.Rows.Zip(result.Scores, (row, scores) => $"{Line(row, scores).ToJsonString()}\n")));
        }
        Show(context, result);
        return ExitCodes.Done;
    }

    private static JsonObject Line(ScoredRow row, IReadOnlyList<double> scores) => scores.Count == 2
        ? new JsonObject { ["id"] = row.Id, ["chosen"] = scores[0], ["rejected"] = scores[1] }
        : new JsonObject { ["id"] = row.Id, ["score"] = scores[0] };

    private static void Warn(CommandContext context, int count, string what)
    {
        if (count > 0)
        {
            context.Error.WriteLine($"{count} {what}.");
        }
    }

    private static void Show(CommandContext context, ScoringResult result)
    {
        if (context.Json)
        {
            var intervals = new JsonObject();
            Add(intervals, "accuracy", result.Accuracy);
            Add(intervals, result.Accuracy is null ? "score" : "margin", result.Mean);
            context.WriteJson(new JsonObject
            {
                ["scores"] = new JsonArray([.. result.Scores.Select(scores => scores.Count == 2 ? (JsonNode)new JsonArray(scores[0], scores[1]) : JsonValue.Create(scores[0]))]),
                ["accuracy"] = result.Accuracy?.Value,
                ["intervals"] = intervals,
            });
            return;
        }
        context.Output.WriteLine($"{result.Rows.Count} rows");
        context.Output.WriteLine($"{(result.Accuracy is null ? "mean score" : "mean margin")} {Text(result.Mean)}");
        if (result.Accuracy is { } accuracy)
        {
            context.Output.WriteLine($"accuracy {Text(accuracy)}");
        }
    }

    private static void Add(JsonObject intervals, string name, Estimate? estimate)
    {
        if (estimate?.Interval is { } interval)
        {
            intervals[name] = new JsonArray(interval.Low, interval.High);
        }
    }

    private static string Text(Estimate estimate)
    {
        string Number(double value) => value.ToString("F4", CultureInfo.InvariantCulture);
        return estimate.Interval is { } interval ? $"{Number(estimate.Value)} [{Number(interval.Low)}, {Number(interval.High)}]" : Number(estimate.Value);
    }
}
