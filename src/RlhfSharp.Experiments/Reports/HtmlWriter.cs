using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Unicode;

namespace RlhfSharp.Experiments.Reports;

/// <summary>Writes HTML that is well formed and free of injections: elements are closed in order, and all text is escaped.</summary>
/// <remarks>Blocks have no way to write raw markup. What comes out is also well-formed XML, which tests and other programs can parse.</remarks>
public sealed class HtmlWriter
{
    // Letters of all scripts stay as they are; what means something to HTML does not, whatever the ranges.
    private static readonly JsonSerializerOptions DataOptions = new() { Encoder = JavaScriptEncoder.Create(UnicodeRanges.All) };

    private readonly StringBuilder _text = new();
    private readonly Stack<string> _open = new();

    internal HtmlWriter()
    {
    }

    /// <summary>Opens an element.</summary>
    /// <param name="element">Its name; from code, never from data.</param>
    /// <param name="attributes">Names and values; values are escaped.</param>
    public void Open(string element, params ReadOnlySpan<(string Name, string Value)> attributes)
    {
        Tag(element, attributes);
        _text.Append('>');
        _open.Push(element);
    }

    /// <summary>Closes the element opened last.</summary>
    /// <exception cref="InvalidOperationException">No element is open.</exception>
    public void Close()
    {
        _text.Append("</").Append(_open.Pop()).Append('>');
        if (_open.Count <= 3)   // line breaks between blocks only: further in, white space may show
        {
            _text.Append('\n');
        }
    }

    /// <summary>Writes text; whatever it holds shows as it stands.</summary>
    /// <param name="text">Any text. Control characters other than tab and line feed become U+FFFD.</param>
    public void Text(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        for (var i = 0; i < text.Length; i++)
        {
            var c = text[i];
            if (char.IsHighSurrogate(c) && i + 1 < text.Length && char.IsLowSurrogate(text[i + 1]))
            {
                _text.Append(c).Append(text[++i]);
                continue;
            }
            _ = c switch
            {
                '&' => _text.Append("&amp;"),
                '<' => _text.Append("&lt;"),
                '>' => _text.Append("&gt;"),
                '"' => _text.Append("&quot;"),
                '\r' => _text,   // browsers fold line ends anyway
                _ => _text.Append(IsAllowed(c) ? c : '\uFFFD'),
            };
        }
    }

    /// <summary>Writes an element that holds only text.</summary>
    /// <param name="element">Its name.</param>
    /// <param name="text">Its text.</param>
    /// <param name="attributes">Names and values.</param>
    public void Element(string element, string text, params ReadOnlySpan<(string Name, string Value)> attributes)
    {
        Open(element, attributes);
        Text(text);
        Close();
    }

    /// <summary>Writes an element that holds nothing, such as <c>meta</c> or an SVG <c>path</c>.</summary>
    /// <param name="element">Its name.</param>
    /// <param name="attributes">Names and values.</param>
    public void Empty(string element, params ReadOnlySpan<(string Name, string Value)> attributes)
    {
        Tag(element, attributes);
        _text.Append("/>");
    }

    // The text of a style element is not markup to HTML: escapes would not be undone there. Only our own file comes here.
    internal void Style(string css)
    {
        Open("style");
        _text.Append(css);
        Close();
    }

    // Data for a script. To HTML the text of a script element is no markup either: the encoder leaves no '<', '>' or '&' in it, so that nothing ends it early.
    internal void Data(string id, JsonNode json)
    {
        Open("script", ("type", "application/json"), ("id", id));
        _text.Append(json.ToJsonString(DataOptions));
        Close();
    }

    // Our own files only, as they stand: the page's policy names their hash. To XML they are character data.
    internal void Script(string script)
    {
        Open("script");
        _text.Append(script);
        Close();
    }

    internal string Finish() =>
        _open.Count == 0 ? _text.ToString() : throw new InvalidOperationException($"A report block left <{_open.Peek()}> open.");

    private void Tag(string element, ReadOnlySpan<(string Name, string Value)> attributes)
    {
        _text.Append('<').Append(element);
        foreach (var (name, value) in attributes)
        {
            _text.Append(' ').Append(name).Append("=\"");
            Text(value);
            _text.Append('"');
        }
    }

    // Neither HTML nor XML allows control characters, halves of surrogate pairs, or the two noncharacters.
    private static bool IsAllowed(char c) =>
        c is '\t' or '\n' || (c >= ' ' && c is not (>= '\u007F' and <= '\u009F') && !char.IsSurrogate(c) && c < '\uFFFE');
}
