using System.Buffers.Binary;
using System.Text.Json;
using RlhfSharp.Models.Runtime;
using static TorchSharp.torch;

namespace RlhfSharp.Models.Checkpoints;

/// <summary>Reads tensors from a safetensors file. The header is checked as a whole before any tensor is read: the file is untrusted input.</summary>
/// <remarks>Format: https://github.com/huggingface/safetensors: eight bytes with the header's length, a JSON header, then the tensors'
/// bytes.</remarks>
public sealed class SafetensorsReader : IDisposable
{
    private const long StagedElements = 1 << 17;   // converted at once: half a megabyte beside the model
    private const long MaxHeaderBytes = 100_000_000;   // the limit of the reference implementation
    private readonly FileStream _stream;
    private readonly Dictionary<string, SafetensorsEntry> _entries;

    private SafetensorsReader(FileStream stream, Dictionary<string, SafetensorsEntry> entries) => (_stream, _entries) = (stream, entries);

    /// <summary>Gets the tensors of the file by name.</summary>
    public IReadOnlyDictionary<string, SafetensorsEntry> Entries => _entries;

    /// <summary>Opens a file and checks its header.</summary>
    /// <param name="path">The file.</param>
    /// <returns>The reader; dispose it to close the file.</returns>
    /// <exception cref="InputException">The file is missing, cut short or not what the format asks for.</exception>
    public static SafetensorsReader Open(string path)
    {
        if (!File.Exists(path))
        {
            throw new InputException($"'{path}' does not exist.");
        }
        var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read);
        try
        {
            return new SafetensorsReader(stream, ReadHeader(stream, path));
        }
        catch
        {
            stream.Dispose();
            throw;
        }
    }

    /// <summary>Reads one tensor.</summary>
    /// <param name="name">Its name.</param>
    /// <returns>A new CPU tensor of the file's element type, owned by the caller's dispose scope.</returns>
    /// <exception cref="KeyNotFoundException">There is no such tensor; look at <see cref="Entries"/> first.</exception>
    public Tensor Read(string name) => Read(name, _entries[name].Type, CPU);

    /// <summary>Reads one tensor straight into the type and onto the device where it is wanted; no second copy of it exists at any moment.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="type">The element type wanted.</param>
    /// <param name="device">The device wanted.</param>
    /// <returns>A new tensor, owned by the caller's dispose scope.</returns>
    /// <exception cref="KeyNotFoundException">There is no such tensor; look at <see cref="Entries"/> first.</exception>
    public Tensor Read(string name, ScalarType type, Device device)
    {
        var tensor = empty(_entries[name].Shape, dtype: type, device: device);
        ReadInto(name, tensor);
        return tensor;
    }

    /// <summary>Reads one tensor into another, whose type and device it takes.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="target">Contiguous and of the stored shape.</param>
    /// <exception cref="KeyNotFoundException">There is no such tensor; look at <see cref="Entries"/> first.</exception>
    /// <exception cref="ArgumentException">The target has another number of elements.</exception>
    public void ReadInto(string name, Tensor target)
    {
        var entry = _entries[name];
        if (target.numel() != entry.Shape.Aggregate(1L, (count, size) => count * size))
        {
            throw new ArgumentException($"The tensor is [{string.Join(", ", target.shape)}], '{name}' is [{string.Join(", ", entry.Shape)}].", nameof(target));
        }
        _stream.Position = entry.Offset;
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        if (target.dtype == entry.Type && target.device_type == TorchSharp.DeviceType.CPU)
        {
            foreach (var slice in TensorSlices.Of(target))
            {
                _stream.ReadExactly(slice.bytes);
            }
            return;
        }
        using var staging = empty(Math.Min(StagedElements, Math.Max(1, target.numel())), dtype: entry.Type);
        foreach (var slice in TensorSlices.Of(target, StagedElements))
        {
            using var staged = staging.narrow(0, 0, slice.numel());
            _stream.ReadExactly(staged.bytes);
            slice.copy_(staged);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _stream.Dispose();

    private static Dictionary<string, SafetensorsEntry> ReadHeader(FileStream stream, string path)
    {
        Span<byte> lengthBytes = stackalloc byte[8];
        if (stream.Length < 8)
        {
            throw new InputException($"'{path}' is cut short: {stream.Length} bytes, and the header's length alone takes 8.");
        }
        stream.ReadExactly(lengthBytes);
        var length = BinaryPrimitives.ReadUInt64LittleEndian(lengthBytes);
        if (length > MaxHeaderBytes || (long)length > stream.Length - 8)
        {
            throw new InputException($"'{path}' is cut short or no safetensors file: "
                + $"it announces a header of {length} bytes, the file has {stream.Length}.");
        }
        var header = new byte[length];
        stream.ReadExactly(header);
        try
        {
            using var document = JsonDocument.Parse(header, new JsonDocumentOptions { MaxDepth = 8 });
            return ReadEntries(document.RootElement, dataStart: 8 + (long)length, stream.Length, path);
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException or FormatException or KeyNotFoundException)
        {
            throw new InputException($"'{path}': the header is not what safetensors asks for: {exception.Message}", exception);
        }
    }

    private static Dictionary<string, SafetensorsEntry> ReadEntries(JsonElement header, long dataStart, long fileLength, string path)
    {
        var entries = new Dictionary<string, SafetensorsEntry>();
        foreach (var property in header.EnumerateObject().Where(property => property.Name != "__metadata__"))
        {
            var entry = ReadEntry(property, dataStart, fileLength, path);
            if (!entries.TryAdd(property.Name, entry))
            {
                throw new InputException($"'{path}': '{property.Name}' is there twice.");
            }
        }
        var end = dataStart;
        foreach (var entry in entries.Values.OrderBy(entry => entry.Offset).ThenBy(entry => entry.ByteCount))
        {
            if (entry.Offset < end)
            {
                throw new InputException($"'{path}': the bytes of '{entry.Name}' overlap those of another tensor.");
            }
            end = entry.Offset + entry.ByteCount;
        }
        return entries;
    }

    private static SafetensorsEntry ReadEntry(JsonProperty property, long dataStart, long fileLength, string path)
    {
        var typeName = property.Value.GetProperty("dtype").GetString()!;
        var type = SafetensorsTypes.Find(typeName)
            ?? throw new InputException($"'{path}': '{property.Name}' has element type {typeName}. "
                + $"Allowed: {string.Join(", ", SafetensorsTypes.Names)}.");
        var shape = property.Value.GetProperty("shape").EnumerateArray().Select(size => size.GetInt64()).ToArray();
        var offsets = property.Value.GetProperty("data_offsets").EnumerateArray().Select(offset => offset.GetInt64()).ToArray();
        if (offsets is not [var begin, var end] || begin < 0 || end < begin || end > fileLength - dataStart)
        {
            throw new InputException($"'{path}' is cut short or broken: "
                + $"'{property.Name}' lies at bytes [{string.Join(", ", offsets)}] of {fileLength - dataStart}.");
        }
        if (ByteCount(shape, type.Size) is not { } expected || expected != end - begin)
        {
            throw new InputException($"'{path}': '{property.Name}' is [{string.Join(", ", shape)}] of {typeName}, "
                + $"which does not take {end - begin} bytes.");
        }
        return new SafetensorsEntry(property.Name, type.Type, shape, dataStart + begin, end - begin);
    }

    // Null where a size is negative or the product overflows; sizes of 0 must not hide an overflow, for libtorch multiplies the others.
    private static long? ByteCount(long[] shape, int elementSize)
    {
        Int128 count = elementSize;
        foreach (var size in shape)
        {
            count *= Math.Max(1, size);
            if (size < 0 || count > long.MaxValue)
            {
                return null;
            }
        }
        return shape.Contains(0) ? 0 : (long)count;
    }
}
