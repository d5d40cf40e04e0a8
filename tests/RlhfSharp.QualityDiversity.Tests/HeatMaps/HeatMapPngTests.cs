using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;
using RlhfSharp.QualityDiversity.HeatMaps;

namespace RlhfSharp.QualityDiversity.Tests.HeatMaps;

public sealed class HeatMapPngTests
{
    private static readonly HeatMapAxis Rows = new("genre", ["haiku", "sonnet"]);
    private static readonly HeatMapAxis Columns = new("tone", ["happy", "dark"]);
    private static readonly HeatMap Map = new("Rewards", "reward", Rows, Columns, new HeatMapCell[,] { { new(-1, 3), new(1, 4) }, { default, new(0) } });

    [Fact]
    public void Draw_SmallMap_PutsColoursWhereTheCellsAre()
    {
        var pixels = Pixels(HeatMapPng.Draw(Map, 400, 300), 400, 300);
        var layout = new HeatMapLayout(Map, 400, 300, PixelFont.Advance * 2);

        Assert.Equal((0, 34, 78), At(layout, pixels, 0, 0));        // the lowest value, near the cell's corner: in the middle stands the number
        Assert.Equal((254, 232, 56), At(layout, pixels, 0, 1));     // the highest
        Assert.Equal(ColorScale.At(0.5), At(layout, pixels, 1, 1));
        var hatched = Enumerable.Range(0, 12).Select(x => pixels[(int)layout.Y(1) + 20, (int)layout.X(0) + 20 + x]).Distinct();
        Assert.Equal([((byte)187, (byte)187, (byte)187), ((byte)255, (byte)255, (byte)255)], hatched.Order());
    }

    [Fact]
    public void Draw_SameMap_GivesTheSameBytes() => Assert.Equal(HeatMapPng.Draw(Map), HeatMapPng.Draw(Map));

    [Fact]
    public void Font_EveryLetter_DiffersFromTheOthers()
    {
        var letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789 .,-+=:()/%∞_'#*?!<>[]|&\"";
        var shapes = letters.Select(letter => string.Concat(Enumerable.Range(0, 35).Select(bit => PixelFont.IsSet(letter, bit / 5, bit % 5) ? '#' : ' ')));
        Assert.Equal(letters.Length, shapes.Distinct().Count());
    }

    private static (byte, byte, byte) At(HeatMapLayout layout, (byte, byte, byte)[,] pixels, int row, int column) =>
        pixels[(int)layout.Y(row) + 3, (int)layout.X(column) + 3];

    // The second route: reads what the format's description says, not what the writer does.
    private static (byte, byte, byte)[,] Pixels(byte[] png, int width, int height)
    {
        Assert.Equal([0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A], png[..8]);
        var data = new MemoryStream();
        for (var at = 8; at < png.Length;)
        {
            var length = BinaryPrimitives.ReadInt32BigEndian(png.AsSpan(at));
            if (Encoding.ASCII.GetString(png, at + 4, 4) == "IDAT")
            {
                data.Write(png, at + 8, length);
            }
            at += length + 12;
        }
        data.Position = 0;
        using var zlib = new ZLibStream(data, CompressionMode.Decompress);
        var pixels = new (byte, byte, byte)[height, width];
        for (var y = 0; y < height; y++)
        {
            Assert.Equal(0, zlib.ReadByte());
            for (var x = 0; x < width; x++)
            {
                pixels[y, x] = ((byte)zlib.ReadByte(), (byte)zlib.ReadByte(), (byte)zlib.ReadByte());
            }
        }
        Assert.Equal(-1, zlib.ReadByte());
        return pixels;
    }
}
