using System.Buffers.Binary;
using System.Text;

namespace RlhfSharp.Models.Tests.Checkpoints;

/// <summary>Builds safetensors files by hand, good and bad.</summary>
internal static class SafetensorsBytes
{
    /// <summary>Gets two tensors, <c>a</c> [2, 3] in F32 and <c>b</c> [2] in I64.</summary>
    public static byte[] Small { get; } = File(
        """{"a":{"dtype":"F32","shape":[2,3],"data_offsets":[0,24]},"b":{"dtype":"I64","shape":[2],"data_offsets":[24,40]}}""", dataBytes: 40);

    public static byte[] File(string header, int dataBytes)
    {
        var text = Encoding.UTF8.GetBytes(header);
        var file = new byte[8 + text.Length + dataBytes];
        BinaryPrimitives.WriteInt64LittleEndian(file, text.Length);
        text.CopyTo(file, 8);
        for (var i = 0; i < dataBytes; i++)
        {
            file[8 + text.Length + i] = (byte)i;
        }
        return file;
    }
}
