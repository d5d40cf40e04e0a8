using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using System.Xml.Linq;
using RlhfSharp.Experiments.Reports;
using RlhfSharp.Models.Runtime;

namespace RlhfSharp.Experiments.Tests.Reports;

public sealed class ReportWriterTests
{
    private static readonly XElement Page = Rendered.Page(SampleReport.Create());

    [Fact]
    public void ToHtml_SampleReport_HasOneTitleAndTheBlocksInOrder()
    {
        Assert.Equal("Random walks with ILQL: how often to sync the target", Page.Descendants("h1").Single().Value);
        Assert.Equal(Page.Descendants("h1").Single().Value, Page.Descendants("title").First().Value);
        Assert.Equal(["Learning curves", "Samples", "How to reproduce"], Page.Descendants("h2").Select(heading => heading.Value));
        Assert.Equal(
            ["header", "p", "p", "div", "p", "aside", "h2", "div", "figure", "h2", "h3", "ol", "h2", "div", "dl"],
            Page.Descendants("main").Single().Elements().Select(element => element.Name.LocalName));
    }

    [Fact]
    public void ToHtml_SampleReport_LoadsAndRunsNothing()
    {
        Assert.DoesNotContain(Page.Descendants(), element =>
            element.Name.LocalName is "script" or "img" or "link" or "iframe" or "object" or "a");
        Assert.DoesNotContain(Page.Descendants().Attributes().Select(attribute => attribute.Name.LocalName), name =>
            name is "src" or "href" || name.StartsWith("on", StringComparison.Ordinal));
        Assert.DoesNotContain("url(", Page.Descendants("style").Single().Value);
        Assert.DoesNotContain("@import", Page.Descendants("style").Single().Value);
        var policy = Page.Descendants("meta").Single(meta => meta.Attribute("http-equiv")?.Value == "Content-Security-Policy");
        Assert.StartsWith("default-src 'none'", policy.Attribute("content")!.Value);
    }

    [Fact]
    public void ToHtml_StyleSheet_ReachesTheBrowserUnescaped()
    {
        // The text of a style element is taken as it stands: '&gt;' would switch the rule off.
        var html = ReportWriter.ToHtml(SampleReport.Create());
        Assert.Contains(".charts figure > svg {", html);
    }

    [Fact]
    public void ToHtml_HostileRightToLeftAndEmojiText_ShowsAsItStands()
    {
        var answers = Page.WithClass("answer").ToList();
        Assert.Contains(answers, answer => answer.Value == SampleReport.Hostile);
        Assert.Contains(answers, answer => answer.Value == SampleReport.Arabic + " 🐘");
        Assert.All(answers, answer => Assert.Equal("auto", answer.Attribute("dir")?.Value));
    }

    [Fact]
    public void ToHtml_AnyTextAnywhere_CannotLeaveItsPlace()
    {
        const string text = "\"><script>x</script>' & <!-- ]]>";
        var page = Rendered.Page(new Report(text, text, [
            new HeadingBlock(text), new TextBlock(text), new WarningBlock(text, text),
            new TableBlock(text, text, [new TableColumn(text)], [new TableRow(text, [text])], text),
            new CurvesBlock([new CurveChart(text, text, text, [new CurveSeries(text, [1, 2], [3, 4]), new CurveSeries(text, [1], [2])])]),
            new BarsBlock(text, [new Bar(text, new(1))]), new SamplesBlock(text, [new ReportSample(text, text, [new(text, text)])], true),
            new ReproduceBlock([text], [1], [new(text, text)])]));
        Assert.Empty(page.Descendants("script"));
        Assert.Equal(text, page.Descendants("caption").Single().Value);
        Assert.Equal(text, page.Descendants("code").Single().Value);
        Assert.Equal($"Warning: {text}", page.Descendants("aside").Single().Attribute("aria-label")!.Value);
    }

    [Fact]
    public void ToHtml_ControlCharactersAndBrokenSurrogates_BecomeReplacementCharacters() =>
        Assert.Equal("a\uFFFDb\uFFFDc\td", Rendered.Blocks(new HeadingBlock("a\0b\uD83Dc\td\r")).Descendants("h2").Single().Value);

    [Fact]
    public void ToHtml_TextWithheld_HoldsNoLetterOfPromptOrAnswer()
    {
        var html = ReportWriter.ToHtml(SampleReport.Create(showText: false));
        Assert.Contains("Text not shown, pass --show-text.", html);
        Assert.Contains("−0.41", html);
        Assert.DoesNotContain(SampleReport.Arabic, html);
        Assert.DoesNotContain("zoos", html, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("<details", html);
    }

    // The policy lets run what our own files say and nothing else; data cannot end its element, and is read back as it was.
    [Fact]
    public void ToHtml_BlockWithAScript_NamesItsHashAndKeepsDataInItsPlace()
    {
        var html = ReportWriter.ToHtml(new Report("Title", "", [new Scripted(SampleReport.Hostile + SampleReport.Arabic + " & \uD83D \u2028"), new Scripted("twice")]));
        var page = XDocument.Parse(html["<!DOCTYPE html>".Length..], LoadOptions.PreserveWhitespace).Root!;
        var scripts = page.Descendants("script").ToList();
        Assert.Equal(["application/json", "application/json", null], scripts.Select(script => (string?)script.Attribute("type")));
        var start = html.LastIndexOf("<script>", StringComparison.Ordinal) + "<script>".Length;
        var code = html[start..html.IndexOf("</script>", start, StringComparison.Ordinal)];
        Assert.Contains("if (1 < 2 && true) { }", code);
        var policy = page.Descendants("meta").Single(meta => meta.Attribute("http-equiv") is not null).Attribute("content")!.Value;
        Assert.Contains($"script-src 'sha256-{Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(code)))}';", policy);
        Assert.Equal(SampleReport.Hostile + SampleReport.Arabic + " & \uFFFD \u2028", (string)JsonNode.Parse(scripts[0].Value)!["text"]!);
        Assert.Contains(".scripted { }", page.Descendants("style").Single().Value);
    }

    [Fact]
    public void ToHtml_SameReportTwice_IsTheSameBytes() =>
        Assert.Equal(ReportWriter.ToHtml(SampleReport.Create()), ReportWriter.ToHtml(SampleReport.Create()));

    [Fact]
    public void ToHtml_Pictures_SayInWordsWhatTheyShow()
    {
        var pictures = Page.Descendants("svg").Where(svg => svg.Attribute("aria-hidden") is null).ToList();
        Assert.Equal(2, pictures.Count);
        Assert.All(pictures, picture =>
        {
            Assert.Equal("img", picture.Attribute("role")?.Value);
            Assert.NotEmpty(picture.Elements("title").Single().Value);
            Assert.StartsWith("Line chart of", picture.Elements("desc").Single().Value);
        });
    }

    [Fact]
    public void ToHtml_BlockThatLeavesAnElementOpen_IsAnError() =>
        Assert.Throws<InvalidOperationException>(() => ReportWriter.ToHtml(new Report("Title", "", [new Unclosed()])));

    [Fact]
    public void Write_Folder_HoldsTheReportAndNothingElse()
    {
        using var folder = TestFiles.NewFolder();
        ReportWriter.Write(folder.File("report.html"), SampleReport.Create());
        Assert.Equal(ReportWriter.ToHtml(SampleReport.Create()), File.ReadAllText(folder.File("report.html")));
        Assert.Single(Directory.GetFiles(folder.Path));
    }

    [Fact]
    public void Write_PathBelowAFile_IsAnErrorForTheUser()
    {
        using var folder = TestFiles.NewFolder();
        File.WriteAllText(folder.File("run"), "");
        var error = Assert.Throws<InputException>(() => ReportWriter.Write(folder.File("run", "report.html"), SampleReport.Create()));
        Assert.Contains("report.html", error.Message);
    }

    private sealed class Scripted(string text) : IScriptedBlock
    {
        public string Script => "if (1 < 2 && true) { }";

        public string Style => ".scripted { }";

        public void Render(HtmlWriter html) => html.Data("data", new JsonObject { ["text"] = text });
    }

    private sealed class Unclosed : IReportBlock
    {
        public void Render(HtmlWriter html) => html.Open("div");
    }
}
