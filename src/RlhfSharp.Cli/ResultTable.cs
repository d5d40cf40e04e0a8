using System.Globalization;
using RlhfSharp.Experiments.Runs;
using Spectre.Console;

namespace RlhfSharp.Cli;

/// <summary>Prints the numbers of an experiment as a table: one row per metric, one column per variant.</summary>
internal static class ResultTable
{
    public static void Write(TextWriter output, TrainingResult result)
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(output) });
        var summary = result.Summary;
        var table = new Table().AddColumn("metric");
        foreach (var variant in summary.Variants)
        {
            table.AddColumn(new TableColumn(variant.Length == 0 ? "result" : Markup.Escape(variant)).RightAligned());
        }
        foreach (var name in summary.Names.Where(name => summary.Variants.Any(variant => summary.Metrics.ContainsKey(ExperimentSummary.Key(name, variant)))))
        {
            table.AddRow([Markup.Escape(name), .. summary.Variants.Select(variant => Cell(summary, ExperimentSummary.Key(name, variant)))]);
        }
        console.Write(table);
        console.WriteLine($"Report: {result.Report}");
    }

    private static string Cell(ExperimentSummary summary, string key)
    {
        if (!summary.Metrics.TryGetValue(key, out var value))
        {
            return string.Empty;
        }
        string Number(double number) => number.ToString("F3", CultureInfo.InvariantCulture);
        return Markup.Escape(summary.Intervals.TryGetValue(key, out var interval) ? $"{Number(value)} [{Number(interval.Low)}, {Number(interval.High)}]" : Number(value));
    }
}
