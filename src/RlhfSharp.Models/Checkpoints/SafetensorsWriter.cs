using System.Buffers.Binary;
using System.Text.Json.Nodes;
using RlhfSharp.Models.Runtime;
using static TorchSharp.torch;

namespace RlhfSharp.Models.Checkpoints;

/// <summary>Writes tensors to a safetensors file that Hugging Face's libraries load.</summary>
public static class SafetensorsWriter
{
    private const int HeaderAlignment = 8;

    /// <summary>Writes a file whole or not at all.</summary>
    /// <param name="path">The file; replaced if it exists.</param>
    /// <param name="tensors">Names and tensors on any device; tensors of the largest elements come first in the file, then by name.</param>
    /// <param name="type">The floating-point type to store; null keeps each tensor's own. Whole numbers keep theirs.</param>
    /// <exception cref="InputException">The file cannot be written.</exception>
    public static void Write(string path, IEnumerable<KeyValuePair<string, Tensor>> tensors, ScalarType? type = null)
    {
        var rows = tensors
            .Select(pair => (pair.Key, Tensor: pair.Value, Type: type is { } wanted && pair.Value.is_floating_point() ? wanted : pair.Value.dtype))
            .OrderByDescending(row => SafetensorsTypes.Of(row.Type).Size)   // keeps every tensor aligned to its element size
            .ThenBy(row => row.Key, StringComparer.Ordinal)
            .ToList();
        var header = new JsonObject { ["__metadata__"] = new JsonObject { ["format"] = "pt" } };
        var offset = 0L;
        foreach (var row in rows)
        {
            var (name, size) = SafetensorsTypes.Of(row.Type);
            var end = offset + row.Tensor.numel() * size;
            header[row.Key] = new JsonObject
            {
                ["dtype"] = name,
                ["shape"] = new JsonArray([.. row.Tensor.shape.Select(length => JsonValue.Create(length))]),
                ["data_offsets"] = new JsonArray(offset, end),
            };
            offset = end;
        }
        AtomicFile.Write(path, stream =>
        {
            WriteHeader(stream, header.ToJsonString());
            foreach (var row in rows)
            {
                using var scope = NewDisposeScope();
                using var noGrad = no_grad();
                foreach (var slice in TensorSlices.Of(row.Tensor.detach().to(row.Type).cpu().contiguous()))
                {
                    stream.Write(slice.bytes);
                }
            }
        });
    }

    private static void WriteHeader(Stream stream, string json)
    {
        var bytes = System.Text.Encoding.UTF8.GetBytes(json);
        var padded = (bytes.Length + HeaderAlignment - 1) / HeaderAlignment * HeaderAlignment;
        Span<byte> length = stackalloc byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(length, padded);
        stream.Write(length);
        stream.Write(bytes);
        for (var i = bytes.Length; i < padded; i++)
        {
            stream.WriteByte((byte)' ');
        }
    }
}
