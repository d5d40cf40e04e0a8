using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using System.Text.Json.Nodes;
using RlhfSharp.Experiments.Endpoints;
using RlhfSharp.Experiments.Runs;
using RlhfSharp.Models.Runtime;
using RlhfSharp.Training.Data;
using RlhfSharp.Training.Metrics;
using RlhfSharp.Training.Rewards;

namespace RlhfSharp.Cli.Commands;

/// <summary><c>rlhf score</c>: what a reward model thinks of answers, and how often it agrees with preferences.</summary>
internal sealed class ScoreCommand : RlhfCommand
{
    private static readonly Dictionary<string, RewardEndpointKind> Kinds = new()
    {
        ["vllm-pooling"] = RewardEndpointKind.VllmPooling,
        ["vllm-classify"] = RewardEndpointKind.VllmClassify,
        ["text-embeddings-inference"] = RewardEndpointKind.TextEmbeddingsInference,
        ["openrlhf"] = RewardEndpointKind.OpenRlhf,
    };

    private readonly Option<string?> _model = new("--model") { Description = "A reward model: a checkpoint with a tokenizer, or a run." };
    private readonly Option<string> _input = new("--input") { Description = "A JSONL or Parquet file in one of TRL's schemas: texts, prompts with completions, or preferences.", Required = true };
    private readonly Option<string?> _output = new("--output") { Description = "A JSONL file for the scores, one line per row." };
    private readonly Option<string?> _format = new("--format") { Description = $"What the model reads; its own form unless given. Allowed: {string.Join(", ", RewardFormat.Names)}." };
    private readonly Option<int?> _label = new("--label") { Description = "Which score counts, from 0, where the model gives several." };
    private readonly Option<string> _type = ElementTypeOption.Create("What to compute in");
    private readonly Option<string?> _endpoint = new("--endpoint") { Description = "A reward model behind a server instead: its address.", HelpName = "URL" };
    private readonly Option<string> _kind = new("--endpoint-kind") { Description = "What the server understands: vllm-pooling, vllm-classify, text-embeddings-inference or openrlhf.", DefaultValueFactory = _ => "vllm-pooling" };
    private readonly Option<string?> _endpointModel = new("--endpoint-model") { Description = "The model's name on that server, where it has several." };
    private readonly Option<string?> _records = new("--records") { Description = "With --endpoint: the JSONL file that keeps every score as it comes; what it holds is not asked again.", HelpName = "FILE" };
    private readonly Option<int?> _concurrency = new("--concurrency") { Description = "With --endpoint: requests under way at a time; 4 unless given." };
    private readonly Option<OnBadRow> _onBadRow = new("--on-bad-row") { Description = "What happens with a row that cannot be scored: error or skip.", DefaultValueFactory = _ => OnBadRow.Error };

    public ScoreCommand()
        : base("score", "Score answers by a reward model, and count how often it agrees with preferences.")
    {
        foreach (var option in new Option[] { _model, _input, _output, _format, _label, _type, _endpoint, _kind, _endpointModel, _records, _concurrency, _onBadRow })
        {
            Add(option);
        }
        _kind.AcceptOnlyFromAmong([.. Kinds.Keys]);
        _concurrency.Between(1, 256);
        Validators.Add(CheckWhoScores);
    }

    protected override int Run(CommandContext context)
    {
        var badRows = new BadRows(context.Value(_onBadRow));
        var rows = RowScoring.Read(context.Value(_input)!, badRows);
        ScoringResult result;
        using (var scorer = Open(context))
        {
            using (var progress = new ShareProgress(context.Error, "scoring"))
            {
                result = RowScoring.ScoreAsync(rows, scorer, progress, context.CancellationToken).GetAwaiter().GetResult();
            }
            Warn(context, badRows.Skipped.Count, "could not be read and were skipped");
            Warn(context, (scorer as RewardModelScorer)?.CutCount ?? 0, "are longer than the model's context and were scored without a part");
        }
        if (context.Value(_output) is { } path)
        {
            AtomicFile.WriteAllText(path, string.Concat(result.Rows.Zip(result.Scores, (row, scores) => $"{Line(row, scores).ToJsonString()}\n")));
        }
        Show(context, result);
        return ExitCodes.Done;
    }

    private IScorer Open(CommandContext context)
    {
        if (context.Value(_endpoint) is { } url)
        {
            var options = new RewardEndpointOptions
            {
                Url = url,
                Kind = Kinds[context.Value(_kind)!],
                Model = context.Value(_endpointModel),
                Concurrency = context.Value(_concurrency) ?? 4,
            };
            return new RewardEndpointScorer(options, context.Value(_format)!, context.Value(_records), TimeProvider.System);
        }
        var type = ElementTypeOption.Get(context, _type);
        return RewardModelScorer.Load(CheckpointPath.Resolve(context.Value(_model)!), context.Value(_format), context.Value(_label), type, context.SelectDevice());
    }

    // A model here or a server scores, and only what it knows of can be asked of it.
    private void CheckWhoScores(CommandResult result)
    {
        var isLocal = result.GetResult(_model) is not null;
        bool IsGiven(Option option) => result.GetResult(option) is { Implicit: false };
        if (isLocal == IsGiven(_endpoint))
        {
            result.AddError($"Give --model for a checkpoint or a run, or --endpoint for a server{(isLocal ? "; not both" : string.Empty)}.");
        }
        else if (isLocal && new Option[] { _kind, _endpointModel, _records, _concurrency }.FirstOrDefault(IsGiven) is { } remote)
        {
            result.AddError($"{remote.Name} is about a server; name one by --endpoint.");
        }
        else if (!isLocal && new Option[] { _label, _type }.FirstOrDefault(IsGiven) is { } local)
        {
            result.AddError($"{local.Name} is about local models; a server knows nothing of it.");
        }
        else if (!isLocal && !IsGiven(_format))
        {
            result.AddError("--endpoint needs --format: the server does not say what its model reads.");
        }
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
