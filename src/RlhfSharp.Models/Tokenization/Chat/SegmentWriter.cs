using System.Text;

namespace RlhfSharp.Models.Tokenization;

/// <summary>Collects segments; what lies between two answers becomes one.</summary>
internal sealed class SegmentWriter
{
    private readonly List<ChatSegment> _segments = [];
    private readonly StringBuilder _context = new();

    public void AddContext(string text) => _context.Append(text);

    public void AddAnswer(string text)
    {
        Flush();
        _segments.Add(new ChatSegment(text, IsAnswer: true));
    }

    public IReadOnlyList<ChatSegment> ToSegments()
    {
        Flush();
        return _segments;
    }

    private void Flush()
    {
        if (_context.Length > 0)
        {
            _segments.Add(new ChatSegment(_context.ToString(), IsAnswer: false));
            _context.Clear();
        }
    }
}
