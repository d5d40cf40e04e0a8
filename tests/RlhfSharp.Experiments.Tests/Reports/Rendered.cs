using System.Xml.Linq;
using RlhfSharp.Experiments.Reports;

namespace RlhfSharp.Experiments.Tests.Reports;

/// <summary>A report as a browser would see it: parsed, not searched as text.</summary>
internal static class Rendered
{
    public static XElement Page(Report report) =>
        XDocument.Parse(ReportWriter.ToHtml(report)["<!DOCTYPE html>".Length..], LoadOptions.PreserveWhitespace).Root!;

    public static XElement Blocks(params IReportBlock[] blocks) => Page(new Report("Title", "", blocks)).Descendants("main").Single();

    public static IEnumerable<XElement> WithClass(this XElement element, string name) =>
        element.Descendants().Where(child => child.Attribute("class")?.Value.Split(' ').Contains(name) == true);
}
