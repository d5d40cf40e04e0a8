using System.IO.Compression;
using System.Text;
using RlhfSharp.Models.Runtime;
using RlhfSharp.Training.Data;

namespace RlhfSharp.Training.Tests.Data.Reading;

public class RowReaderJsonTests
{
    [Fact]
    public void Read_ByteOrderMarkWindowsLinesAndBlankLines_ReadsTheRowsWithTheirLines()
    {
        using var folder = TestFiles.NewFolder();
        var path = Write(folder, [0xEF, 0xBB, 0xBF, .. "{\"text\":\"a\"}\r\n\r\n  {\"text\":\"b\\u00e9\"}\r\n{\"text\":\"c\"}"u8]);

        var rows = RowReader.Read(path).ToList();

        Assert.Equal(["a", "bé", "c"], rows.Select(row => (string?)row.Values["text"]));
        Assert.Equal([1, 3, 4], rows.Select(row => row.Source.Line));
        Assert.All(rows, row => Assert.Equal(path, row.Source.File));
    }

    [Fact]
    public void Read_LineLongerThanAnyBuffer_ReadsIt()
    {
        using var folder = TestFiles.NewFolder();
        var text = new string('x', 300_000);
        var path = Write(folder, Encoding.UTF8.GetBytes($"{{\"text\":\"a\"}}\n{{\"text\":\"{text}\"}}\n{{\"text\":\"b\"}}\n"));

        Assert.Equal(["a", text, "b"], RowReader.Read(path).Select(row => (string?)row.Values["text"]));
    }

    [Fact]
    public void Read_Gzip_IsKnownByItsFirstBytesAndMayHaveSeveralParts()
    {
        using var folder = TestFiles.NewFolder();
        var path = Write(folder, [.. Gzip("{\"text\":\"a\"}\n"), .. Gzip("{\"text\":\"b\"}\n")]);

        Assert.Equal(["a", "b"], RowReader.Read(path).Select(row => (string?)row.Values["text"]));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(8)]
    [InlineData(200)]
    public void Read_GzipCutOff_IsAnErrorEvenWhenOnlyTheEndIsMissing(int missing)
    {
        using var folder = TestFiles.NewFolder();
        var whole = Gzip(string.Concat(Enumerable.Range(0, 2000).Select(i => $"{{\"text\":\"{i * 7919 % 10007}\"}}\n")));
        var path = Write(folder, whole[..^missing]);

        var exception = Assert.Throws<InputException>(() => RowReader.Read(path).Count());

        Assert.Matches(@"data:\d+: the gzip file is damaged or was cut off", exception.Message);
    }

    [Fact]
    public void Read_GzipWithAFlippedByte_IsAnError()
    {
        using var folder = TestFiles.NewFolder();
        var bytes = Gzip(string.Concat(Enumerable.Range(0, 2000).Select(i => $"{{\"text\":\"{i * 7919 % 10007}\"}}\n")));
        bytes[^7] ^= 0x10; // in the checksum
        var path = Write(folder, bytes);

        Assert.Contains("damaged", Assert.Throws<InputException>(() => RowReader.Read(path).Count()).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{\"text\": NaN}", "is not valid JSON (byte 10): 'N' is an invalid start of a value")]
    [InlineData("{\"text\": \"a\"", "is not valid JSON")]
    [InlineData("{\"text\":1,\"text\":2}", "is not valid JSON")]
    [InlineData("[1]", "holds an array where a JSON object is expected")]
    [InlineData("null", "holds null where")]
    [InlineData("3", "holds a single value where")]
    [InlineData("{\"\\ud800\":1}", "has a key that is not valid Unicode")]
    public void Read_BadLine_IsAnErrorThatNamesFileAndLine(string line, string expected)
    {
        using var folder = TestFiles.NewFolder();
        var path = Write(folder, Encoding.UTF8.GetBytes($"{{\"text\":\"a\"}}\n{line}\n"));

        var exception = Assert.Throws<InputException>(() => RowReader.Read(path).Count());

        Assert.StartsWith($"{path}:2: {expected}", exception.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("LineNumber", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_TextThatIsNotUtf8_IsAnError()
    {
        using var folder = TestFiles.NewFolder();
        var path = Write(folder, [.. "{\"text\":\"caf"u8, 0xE9, .. "\"}\n"u8]);

        var exception = Assert.Throws<InputException>(() => RowReader.Read(path).Count());

        Assert.StartsWith($"{path}:1: is not UTF-8", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_BadLinesSkipped_ReadsTheOthersAndCounts()
    {
        using var folder = TestFiles.NewFolder();
        var path = Write(folder, "{\"text\":\"a\"}\nrubbish\n{\"text\":\"b\"}\n[]\n"u8.ToArray());
        var badRows = new BadRows(OnBadRow.Skip);

        Assert.Equal(2, RowReader.Read(path, badRows).Count());

        Assert.Equal([2, 4], badRows.Skipped.Select(row => row.Source.Line));
        Assert.Contains("not valid JSON", badRows.Skipped[0].Reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("\n \r\n")]
    public void Read_NoRows_IsAnError(string contents)
    {
        using var folder = TestFiles.NewFolder();
        var path = Write(folder, Encoding.UTF8.GetBytes(contents));

        Assert.Equal($"'{path}' holds no rows.", Assert.Throws<InputException>(() => RowReader.Read(path).Count()).Message);
    }

    [Fact]
    public void Read_MissingFileOrFolder_IsAnErrorAtOnce()
    {
        using var folder = TestFiles.NewFolder();

        Assert.Contains("does not exist", Message(folder.File("absent.jsonl")), StringComparison.Ordinal);
        Assert.Contains("is a folder", Message(folder.Path), StringComparison.Ordinal);

        static string Message(string path) => Assert.Throws<InputException>(() => RowReader.Read(path)).Message;
    }

    private static string Write(TemporaryFolder folder, byte[] contents)
    {
        var path = folder.File("data");
        File.WriteAllBytes(path, contents);
        return path;
    }

    private static byte[] Gzip(string text)
    {
        using var memory = new MemoryStream();
        using (var gzip = new GZipStream(memory, CompressionLevel.Fastest))
        {
            gzip.Write(Encoding.UTF8.GetBytes(text));
        }
        return memory.ToArray();
    }
}
