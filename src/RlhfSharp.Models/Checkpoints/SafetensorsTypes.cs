using static TorchSharp.torch;

namespace RlhfSharp.Models.Checkpoints;

/// <summary>The element types of safetensors that TorchSharp has too.</summary>
internal static class SafetensorsTypes
{
    private static readonly (string Name, ScalarType Type, int Size)[] All =
    [
        ("F64", ScalarType.Float64, 8), ("F32", ScalarType.Float32, 4), ("F16", ScalarType.Float16, 2), ("BF16", ScalarType.BFloat16, 2),
        ("I64", ScalarType.Int64, 8), ("I32", ScalarType.Int32, 4), ("I16", ScalarType.Int16, 2), ("I8", ScalarType.Int8, 1),
        ("U8", ScalarType.Byte, 1), ("BOOL", ScalarType.Bool, 1),
    ];

    public static IEnumerable<string> Names => All.Select(type => type.Name);

    public static (ScalarType Type, int Size)? Find(string name) =>
        All.Where(type => type.Name == name).Select(type => ((ScalarType, int)?)(type.Type, type.Size)).FirstOrDefault();

    public static (string Name, int Size) Of(ScalarType type) => All.Where(row => row.Type == type).Select(row => (row.Name, row.Size)).Single();
}
