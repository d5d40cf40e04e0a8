using System.Buffers.Binary;
using System.IO.Compression;

namespace RlhfSharp.QualityDiversity.HeatMaps;

/// <summary>A picture of pixels, white at first, that can be written as PNG (RFC 2083).</summary>
internal sealed class Canvas(int width, int height)
{
    private const int Channels = 3;
    private static readonly uint[] CrcTable = [.. Enumerable.Range(0, 256).Select(CrcOf)];

    private readonly byte[] _pixels = White(width * height * Channels);

    public void Fill(double left, double top, double right, double bottom, (byte Red, byte Green, byte Blue) color)
    {
        for (var y = Pixel(top, height); y < Pixel(bottom, height); y++)
        {
            for (var x = Pixel(left, width); x < Pixel(right, width); x++)
            {
                Set(x, y, color);
            }
        }
    }

    public void Hatch(double left, double top, double right, double bottom)
    {
        for (var y = Pixel(top, height); y < Pixel(bottom, height); y++)
        {
            for (var x = Pixel(left, width); x < Pixel(right, width); x++)
            {
                if ((x + y) % 6 < 2)
                {
                    Set(x, y, (187, 187, 187));
                }
            }
        }
    }

    /// <summary>Writes text whose letters are so many times as large as the font's, from its left upper corner.</summary>
    public void Text(string text, double left, double top, int size, (byte Red, byte Green, byte Blue) color)
    {
        foreach (var (index, letter) in text.Index())
        {
            for (var row = 0; row < PixelFont.Height; row++)
            {
                for (var column = 0; column < PixelFont.Width; column++)
                {
                    if (PixelFont.IsSet(letter, row, column))
                    {
                        var (x, y) = (Math.Round(left) + (index * PixelFont.Advance + column) * size, Math.Round(top) + row * size);
                        Fill(x, y, x + size, y + size, color);
                    }
                }
            }
        }
    }

    public byte[] ToPng()
    {
        using var png = new MemoryStream();
        png.Write([0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A]);
        var header = new byte[13];
        BinaryPrimitives.WriteInt32BigEndian(header, width);
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4), height);
        (header[8], header[9]) = (8, 2);   // 8 bits per channel; red, green, blue
        Chunk(png, "IHDR"u8, header);
        Chunk(png, "IDAT"u8, Compressed());
        Chunk(png, "IEND"u8, []);
        return png.ToArray();
    }

    private byte[] Compressed()
    {
        using var data = new MemoryStream();
        using (var zlib = new ZLibStream(data, CompressionLevel.Fastest, leaveOpen: true))
        {
            for (var y = 0; y < height; y++)
            {
                zlib.WriteByte(0);   // the row is not filtered
                zlib.Write(_pixels, y * width * Channels, width * Channels);
            }
        }
        return data.ToArray();
    }

    private void Set(int x, int y, (byte Red, byte Green, byte Blue) color)
    {
        var at = (y * width + x) * Channels;
        (_pixels[at], _pixels[at + 1], _pixels[at + 2]) = color;
    }

    private static void Chunk(Stream png, ReadOnlySpan<byte> type, byte[] data)
    {
        Span<byte> number = stackalloc byte[4];
        BinaryPrimitives.WriteInt32BigEndian(number, data.Length);
        png.Write(number);
        png.Write(type);
        png.Write(data);
        BinaryPrimitives.WriteUInt32BigEndian(number, ~Crc(Crc(uint.MaxValue, type), data));
        png.Write(number);
    }

    private static uint Crc(uint crc, ReadOnlySpan<byte> bytes)
    {
        foreach (var value in bytes)
        {
            crc = CrcTable[(byte)(crc ^ value)] ^ (crc >> 8);
        }
        return crc;
    }

    private static uint CrcOf(int value)
    {
        var crc = (uint)value;
        for (var bit = 0; bit < 8; bit++)
        {
            crc = (crc & 1) == 1 ? 0xEDB88320 ^ (crc >> 1) : crc >> 1;
        }
        return crc;
    }

    private static byte[] White(int length)
    {
        var pixels = new byte[length];
        Array.Fill(pixels, byte.MaxValue);
        return pixels;
    }

    private static int Pixel(double at, int limit) => (int)Math.Clamp(Math.Round(at), 0, limit);
}
