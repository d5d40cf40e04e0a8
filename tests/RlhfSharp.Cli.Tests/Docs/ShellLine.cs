using System.Text;

namespace RlhfSharp.Cli.Tests.Docs;

/// <summary>A command as a shell takes it apart: words, with quotes, and a file that takes the output.</summary>
internal sealed record ShellLine(IReadOnlyList<string> Words, string? OutputFile)
{
    public static ShellLine Parse(string line)
    {
        var words = new List<string>();
        var word = new StringBuilder();
        var (isOpen, quote) = (false, '\0');
        foreach (var c in line)
        {
            if (quote != '\0' ? c == quote : c is '\'' or '"')
            {
                (quote, isOpen) = (quote == '\0' ? c : '\0', true);
            }
            else if (quote == '\0' && c == ' ')
            {
                Finish();
            }
            else
            {
                word.Append(c);
                isOpen = true;
            }
        }
        Assert.True(quote == '\0', $"A quote is not closed: {line}");
        Finish();
        var arrow = words.IndexOf(">");
        return arrow < 0 ? new ShellLine(words, null) : new ShellLine(words[..arrow], Assert.Single(words[(arrow + 1)..]));

        void Finish()
        {
            if (isOpen)
            {
                words.Add(word.ToString());
                word.Clear();
                isOpen = false;
            }
        }
    }
}
