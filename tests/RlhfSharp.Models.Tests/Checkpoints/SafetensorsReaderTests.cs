using CsCheck;
using RlhfSharp.Models.Checkpoints;
using RlhfSharp.Models.Runtime;
using static TorchSharp.torch;

namespace RlhfSharp.Models.Tests.Checkpoints;

/// <summary>The file is untrusted: whatever its bytes, it is read or refused with a message.</summary>
[NoTensorLeak]
public sealed class SafetensorsReaderTests
{
    [Fact]
    public void Read_SmallFile_GivesItsTensors()
    {
        using var folder = TestFiles.NewFolder();
        using var scope = NewDisposeScope();
        using var reader = Open(folder, SafetensorsBytes.Small);

        Assert.Equal(["a", "b"], reader.Entries.Keys.Order());
        Assert.Equal([2, 3], reader.Read("a").shape);
        Assert.Equal(0x0302_0100, BitConverter.SingleToInt32Bits(reader.Read("a").data<float>()[0]));
        Assert.Equal([0x1F1E_1D1C_1B1A_1918, 0x2726_2524_2322_2120], reader.Read("b").data<long>().ToArray());
    }

    [Fact]
    public void Read_ScalarAndEmptyTensor_HaveTheirShapes()
    {
        const string Header = """{"s":{"dtype":"F32","shape":[],"data_offsets":[0,4]},"e":{"dtype":"F32","shape":[3,0],"data_offsets":[4,4]}}""";
        using var folder = TestFiles.NewFolder();
        using var scope = NewDisposeScope();
        using var reader = Open(folder, SafetensorsBytes.File(Header, 4));

        Assert.Equal(0, reader.Read("s").dim());
        Assert.Equal([3, 0], reader.Read("e").shape);
    }

    [Fact]
    public void Open_FileCutAnywhere_IsRefused()
    {
        using var folder = TestFiles.NewFolder();
        for (var length = 0; length < SafetensorsBytes.Small.Length; length++)
        {
            var exception = Assert.Throws<InputException>(() => Open(folder, SafetensorsBytes.Small[..length]));
            Assert.Contains("cut short", exception.Message, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("""[]""", "the header is not what safetensors asks for")]
    [InlineData("""{"a":5}""", "the header is not what safetensors asks for")]
    [InlineData("""{"a":{"shape":[1],"data_offsets":[0,4]}}""", "the header is not what safetensors asks for")]
    [InlineData("""{"a":{"dtype":7,"shape":[1],"data_offsets":[0,4]}}""", "the header is not what safetensors asks for")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1.5],"data_offsets":[0,4]}}""", "the header is not what safetensors asks for")]
    [InlineData("""{"a":{"dtype":"F32","shape":"1","data_offsets":[0,4]}}""", "the header is not what safetensors asks for")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,99999999999999999999]}}""", "the header is not what safetensors asks for")]
    [InlineData("""{"a":{"dtype":"F32","shape":[[[[[[[[[[1]]]]]]]]]],"data_offsets":[0,4]}}""", "the header is not what safetensors asks for")]
    [InlineData("""{"a":{"dtype":"F4","shape":[1],"data_offsets":[0,4]}}""",
        "'a' has element type F4. Allowed: F64, F32, F16, BF16, I64, I32, I16, I8, U8, BOOL.")]
    [InlineData("""{"a":{"dtype":null,"shape":[1],"data_offsets":[0,4]}}""", "'a' has element type")]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,4]}}""", "'a' is [2] of F32, which does not take 4 bytes.")]
    [InlineData("""{"a":{"dtype":"F16","shape":[1],"data_offsets":[0,4]}}""", "'a' is [1] of F16, which does not take 4 bytes.")]
    [InlineData("""{"a":{"dtype":"F32","shape":[-1,-1],"data_offsets":[0,4]}}""", "'a' is [-1, -1] of F32, which does not take 4 bytes.")]
    [InlineData("""{"a":{"dtype":"F32","shape":[4611686018427387904,4],"data_offsets":[0,0]}}""", "which does not take 0 bytes.")]
    [InlineData("""{"a":{"dtype":"F32","shape":[0,4611686018427387904,4],"data_offsets":[0,0]}}""", "which does not take 0 bytes.")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4,8]}}""", "'a' lies at bytes [0, 4, 8] of 8.")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[4,0]}}""", "'a' lies at bytes [4, 0] of 8.")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[-4,0]}}""", "'a' lies at bytes [-4, 0] of 8.")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[8,12]}}""", "'a' lies at bytes [8, 12] of 8.")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[9223372036854775804,9223372036854775807]}}""", "is cut short or broken")]
    [InlineData(
        """{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"b":{"dtype":"F16","shape":[2],"data_offsets":[2,6]}}""",
        "the bytes of 'b' overlap those of another tensor.")]
    [InlineData(
        """{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"a":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}""", "'a' is there twice.")]
    public void Open_BadHeader_SaysWhatIsWrong(string header, string message)
    {
        using var folder = TestFiles.NewFolder();
        var exception = Assert.Throws<InputException>(() => Open(folder, SafetensorsBytes.File(header, 8)));
        Assert.StartsWith($"'{folder.File("x")}'", exception.Message, StringComparison.Ordinal);
        Assert.Contains(message, exception.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(long.MaxValue)]
    [InlineData(-1)]
    [InlineData(100_000_001)]
    [InlineData(1000)]
    public void Open_HeaderLongerThanTheFile_IsRefusedBeforeMemoryIsTaken(long length)
    {
        using var folder = TestFiles.NewFolder();
        var before = GC.GetAllocatedBytesForCurrentThread();

        var exception = Assert.Throws<InputException>(() => Open(folder, [.. BitConverter.GetBytes(length), .. "{}"u8.ToArray()]));

        Assert.Contains("it announces a header of", exception.Message, StringComparison.Ordinal);
        Assert.True(GC.GetAllocatedBytesForCurrentThread() - before < 1_000_000);
    }

    [Fact]
    public void Open_MissingFile_IsNamed() =>
        Assert.Equal("'no/such.safetensors' does not exist.",
            Assert.Throws<InputException>(() => SafetensorsReader.Open("no/such.safetensors")).Message);

    // Bytes are changed, put in and taken out anywhere. What is still accepted can be read, and holds no more than the file does.
    [Fact]
    public void Open_MutatedFile_IsReadOrRefused()
    {
        using var folder = TestFiles.NewFolder();
        var text = Gen.Char["0123456789[]{}\":,-.eE"].Select(character => (byte)character);   // keeps the header likelier to be JSON
        var mutation = Gen.Select(Gen.Int[0, SafetensorsBytes.Small.Length - 1], Gen.Int[0, 2], Gen.OneOf(Gen.Byte, text));
        mutation.Array[1, 4].Sample(
            mutations =>
            {
                var bytes = SafetensorsBytes.Small.ToList();
                foreach (var (at, kind, value) in mutations)
                {
                    Mutate(bytes, Math.Min(at, bytes.Count - 1), kind, value);
                }
                AssertReadOrRefused(folder, [.. bytes]);
            },
            iter: 1000,
            threads: 1);
    }

    private static void Mutate(List<byte> bytes, int at, int kind, byte value)
    {
        switch (kind)
        {
            case 0:
                bytes[at] = value;
                break;
            case 1:
                bytes.Insert(at, value);
                break;
            default:
                bytes.RemoveAt(at);
                break;
        }
    }

    private static void AssertReadOrRefused(TemporaryFolder folder, byte[] bytes)
    {
        using var scope = NewDisposeScope();
        try
        {
            using var reader = Open(folder, bytes);
            Assert.True(reader.Entries.Values.Sum(entry => entry.ByteCount) <= bytes.Length);
            foreach (var name in reader.Entries.Keys)
            {
                reader.Read(name);
            }
        }
        catch (InputException exception)
        {
            Assert.Contains(folder.File("x"), exception.Message, StringComparison.Ordinal);
        }
    }

    private static SafetensorsReader Open(TemporaryFolder folder, byte[] bytes)
    {
        File.WriteAllBytes(folder.File("x"), bytes);
        return SafetensorsReader.Open(folder.File("x"));
    }
}
