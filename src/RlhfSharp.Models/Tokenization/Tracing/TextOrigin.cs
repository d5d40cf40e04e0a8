namespace RlhfSharp.Models.Tokenization;

/// <summary>Where each UTF-16 unit of a text that was changed lies in the text as it came.</summary>
internal readonly struct TextOrigin
{
    private readonly (int Start, int End)[]? _ranges;   // null while nothing was changed
    private readonly int _shift;

    private TextOrigin((int Start, int End)[]? ranges, int shift) => (_ranges, _shift) = (ranges, shift);

    /// <summary>Gets the origin of a text that is a part of the original.</summary>
    public static TextOrigin At(int start) => new(null, start);

    /// <summary>Gets the origin of a text by its units.</summary>
    public static TextOrigin Of((int Start, int End)[] ranges) => new(ranges, 0);

    /// <summary>Gets the origin of what is left when the beginning is cut off.</summary>
    public TextOrigin From(int start) => new(_ranges, _shift + start);

    /// <summary>Gets where a stretch came from, which is not empty.</summary>
    public (int Start, int End) Of(int start, int end)
    {
        if (_ranges is null)
        {
            return (_shift + start, _shift + end);
        }
        // What was put in has a range of no length; it may lie before or behind its neighbours.
        return (_ranges[_shift + start].Start, _ranges[_shift + end - 1].End);
    }
}
