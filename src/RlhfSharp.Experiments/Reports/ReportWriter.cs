using System.Reflection;
using System.Security.Cryptography;
using System.Text;
using RlhfSharp.Models.Runtime;

namespace RlhfSharp.Experiments.Reports;

/// <summary>Writes a <see cref="Report"/> as one HTML file that needs nothing else: no network, no fonts, and no script but those that its blocks bring.</summary>
/// <remarks>Readable on a phone, in the dark, on paper and by a screen reader. The same report gives the same bytes.</remarks>
public static class ReportWriter
{
    private static readonly Lazy<string> Style = new(() => ReadResource("report.css"));

    /// <summary>Writes the file whole or not at all.</summary>
    /// <param name="path">The file, usually <c>report.html</c> of a run; its folder must exist.</param>
    /// <param name="report">What to write.</param>
    /// <exception cref="InputException">The folder cannot be written to; an earlier file is untouched.</exception>
    public static void Write(string path, Report report) => AtomicFile.WriteAllText(path, ToHtml(report));

    internal static string ToHtml(Report report)
    {
        ArgumentNullException.ThrowIfNull(report);
        var scripted = report.Blocks.OfType<IScriptedBlock>().ToList();
        List<string> scripts = [.. scripted.Select(block => $"//<![CDATA[\n{block.Script}\n//]]>").Distinct()];
        var html = new HtmlWriter();
        html.Open("html", ("lang", "en"));
        html.Open("head");
        html.Empty("meta", ("charset", "utf-8"));
        html.Empty("meta", ("http-equiv", "Content-Security-Policy"), ("content", Policy(scripts)));
        html.Empty("meta", ("name", "viewport"), ("content", "width=device-width, initial-scale=1"));
        html.Element("title", report.Title);
        html.Style(string.Concat([Style.Value, .. scripted.Select(block => block.Style).Distinct()]));
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
        scripts.ForEach(html.Script);
        html.Close();
        html.Close();
        return $"<!DOCTYPE html>\n{html.Finish()}";
    }

    internal static string ReadResource(string name)
    {
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream(name)!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd().ReplaceLineEndings("\n");
    }

    // A browser that follows this loads nothing and runs nothing but scripts of these hashes, whatever a sample may contain.
    private static string Policy(IReadOnlyCollection<string> scripts)
    {
        var allowed = scripts.Select(script => $"'sha256-{Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(script)))}'");
        return $"default-src 'none'; {(scripts.Count > 0 ? $"script-src {string.Join(' ', allowed)}; " : string.Empty)}style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'";
    }
}
