namespace RlhfSharp.Training.Data;

/// <summary>Cuts a stream of bytes into lines of any length, so that text can be checked for what it is before it is decoded.</summary>
internal sealed class LineReader(Stream stream)
{
    private byte[] _buffer = new byte[1 << 16];
    private int _start;
    private int _end;
    private bool _isFirst = true;

    private static ReadOnlySpan<byte> ByteOrderMark => [0xEF, 0xBB, 0xBF];

    /// <summary>Reads the next line, without its end and without a byte-order mark; it is valid until the next call.</summary>
    public bool TryRead(out ReadOnlyMemory<byte> line)
    {
        var searched = _start;
        int newline;
        while ((newline = _buffer.AsSpan(searched, _end - searched).IndexOf((byte)'\n')) < 0)
        {
            searched = _end;
            var moved = _start;
            if (!Fill())
            {
                line = Take(_end, next: _end);
                return line.Length > 0;
            }
            searched -= moved - _start;
        }
        line = Take(searched + newline, next: searched + newline + 1);
        return true;
    }

    private ReadOnlyMemory<byte> Take(int end, int next)
    {
        if (_isFirst && _buffer.AsSpan(_start, end - _start).StartsWith(ByteOrderMark))
        {
            _start += ByteOrderMark.Length;
        }
        _isFirst = false;
        var line = _buffer.AsMemory(_start, end - _start);
        _start = next;
        return line;
    }

    // Moves the unread bytes to the front, makes room if there is none, and reads on.
    private bool Fill()
    {
        _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
        _end -= _start;
        _start = 0;
        if (_end == _buffer.Length)
        {
            Array.Resize(ref _buffer, _buffer.Length * 2);
        }
        var read = stream.Read(_buffer, _end, _buffer.Length - _end);
        _end += read;
        return read > 0;
    }
}
