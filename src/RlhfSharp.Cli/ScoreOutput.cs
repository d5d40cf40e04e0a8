using System.Globalization;
using RlhfSharp.Training.Metrics;
using Spectre.Console;

namespace RlhfSharp.Cli;

/// <summary>Shows the scores of a model: as a table, or as one JSON object.</summary>
internal static class ScoreOutput
{
    public static void Write(CommandContext context, IReadOnlyDictionary<string, Estimate> scores)
    {
        if (context.Json)
        {
            context.WriteJson(ResultJson.Scores(
                scores.Select(score => KeyValuePair.Create(score.Key, score.Value.Value)),
                scores.Where(score => score.Value.Interval is not null).Select(score => KeyValuePair.Create(score.Key, score.Value.Interval!.Value))));
            return;
        }
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(context.Output) });
        var table = new Table().AddColumn("score").AddColumn(new TableColumn("value").RightAligned()).AddColumn(new TableColumn("95% interval").RightAligned());
        string Number(double value) => value.ToString("F3", CultureInfo.InvariantCulture);
        foreach (var (name, score) in scores)
        {
            table.AddRow(
                Markup.Escape(name), Number(score.Value), score.Interval is { } interval ? Markup.Escape($"[{Number(interval.Low)}, {Number(interval.High)}]") : string.Empty);
        }
        console.Write(table);
    }
}
