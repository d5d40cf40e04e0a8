using System.Buffers.Binary;

namespace RlhfSharp.Models.Tokenization;

/// <summary>Reads the fields of one protocol-buffers message in the order of the file, as far as SentencePiece models need it.</summary>
/// <remarks>https://protobuf.dev/programming-guides/encoding. Broken input gives a <see cref="FormatException"/>.</remarks>
internal ref struct ProtobufReader(ReadOnlySpan<byte> bytes)
{
    private ReadOnlySpan<byte> _rest = bytes;

    /// <summary>Gets the number of the field just read.</summary>
    public int Field { get; private set; }

    /// <summary>Gets its value, if it is a whole number.</summary>
    public long Number { get; private set; }

    /// <summary>Gets its value, if it is a 32-bit floating-point number.</summary>
    public float Single { get; private set; }

    /// <summary>Gets its value, if it is a text, bytes or a message.</summary>
    public ReadOnlySpan<byte> Bytes { get; private set; }

    public bool Next()
    {
        if (_rest.IsEmpty)
        {
            return false;
        }
        var tag = ReadVarint();
        (Field, Number, Single) = ((int)(tag >> 3), 0, 0);
        Bytes = default;
        switch (tag & 7)
        {
            case 0:
                Number = (long)ReadVarint();
                break;
            case 1:
                Take(8);
                break;
            case 2:
                Bytes = Take(ReadVarint());
                break;
            case 5:
                Single = BinaryPrimitives.ReadSingleLittleEndian(Take(4));
                break;
            default:
                throw new FormatException($"field {Field} has the unknown wire type {tag & 7}");
        }
        return Field > 0 ? true : throw new FormatException("a field has the number 0");
    }

    private ulong ReadVarint()
    {
        var value = 0UL;
        for (var shift = 0; shift < 64; shift += 7)
        {
            var next = Take(1)[0];
            value |= (ulong)(next & 0x7F) << shift;
            if (next < 0x80)
            {
                return value;
            }
        }
        throw new FormatException("a number is longer than 64 bits");
    }

    private ReadOnlySpan<byte> Take(ulong count)
    {
        if (count > (ulong)_rest.Length)
        {
            throw new FormatException("it ends in the middle of a field");
        }
        var taken = _rest[..(int)count];
        _rest = _rest[(int)count..];
        return taken;
    }
}
