using System.Xml.Linq;

namespace RlhfSharp.Experiments.Reports;

/// <summary>Puts an SVG drawing of our own into a report.</summary>
internal static class Drawing
{
    /// <summary>Copies element by element, so that the writer's rules hold here too. The report's style sheet colours the text of drawings; only a style of its own is stronger.</summary>
    public static void Copy(HtmlWriter html, string svg) => Copy(html, XElement.Parse(svg));

    private static void Copy(HtmlWriter html, XElement element)
    {
        var name = element.Name.LocalName;
        var attributes = element.Attributes()
            .Where(attribute => !attribute.IsNamespaceDeclaration && (name != "svg" || attribute.Name.LocalName is not ("width" or "height")))   // as wide as the page
            .Select(attribute => (Name: attribute.Name.LocalName, attribute.Value)).ToList();
        if (name == "text")
        {
            var size = attributes.FirstOrDefault(attribute => attribute.Name == "font-size").Value ?? "13";
            attributes.Add(("style", $"fill:{attributes.FirstOrDefault(attribute => attribute.Name == "fill").Value ?? "#000"};font-size:{size}px"));
        }
        html.Open(name, [.. attributes]);
        foreach (var node in element.Nodes())
        {
            if (node is XElement child)
            {
                Copy(html, child);
            }
            else if (node is XText text && !string.IsNullOrWhiteSpace(text.Value))
            {
                html.Text(text.Value);
            }
        }
        html.Close();
    }
}
