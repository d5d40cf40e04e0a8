using System.Reflection;
using RlhfSharp.Models.Runtime;

namespace RlhfSharp.Experiments.Reports;

/// <summary>Writes a <see cref="Report"/> as one HTML file that needs nothing else: no network, no script, no fonts.</summary>
/// <remarks>Readable on a phone, in the dark, on paper and by a screen reader. The same report gives the same bytes.</remarks>
public static class ReportWriter
{
    // A browser that follows this loads nothing and runs nothing, whatever a sample may contain.
    private const string Policy = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'";

    private static readonly Lazy<string> Style = new(ReadStyle);

    /// <summary>Writes the file whole or not at all.</summary>
    /// <param name="path">The file, usually <c>report.html</c> of a run; its folder must exist.</param>
    /// <param name="report">What to write.</param>
    /// <exception cref="InputException">The folder cannot be written to; an earlier file is untouched.</exception>
    public static void Write(string path, Report report) => AtomicFile.WriteAllText(path, ToHtml(report));

    internal static string ToHtml(Report report)
    {
        ArgumentNullException.ThrowIfNull(report);
        var html = new HtmlWriter();
        html.Open("html", ("lang", "en"));
        html.Open("head");
        html.Empty("meta", ("charset", "utf-8"));
        html.Empty("meta", ("http-equiv", "Content-Security-Policy"), ("content", Policy));
        html.Empty("meta", ("name", "viewport"), ("content", "width=device-width, initial-scale=1"));
        html.Element("title", report.Title);
        html.Style(Style.Value);
        html.Close();
        html.Open("body");
        html.Open("main");
        html.Open("header");
        html.Element("h1", report.Title, ("dir", "auto"));
        if (report.Subtitle.Length > 0)
        {
            html.Element("p", report.Subtitle, ("class", "subtitle"), ("dir", "auto"));
        }
        html.Close();
        foreach (var block in report.Blocks)
        {
            block.Render(html);
        }
        html.Close();
        html.Close();
        html.Close();
        return $"<!DOCTYPE html>\n{html.Finish()}";
    }

    private static string ReadStyle()
    {
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream("report.css")!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
