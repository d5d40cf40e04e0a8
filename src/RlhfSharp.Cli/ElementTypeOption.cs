using System.CommandLine;
using static TorchSharp.torch;

namespace RlhfSharp.Cli;

/// <summary><c>--dtype</c>: an element type by PyTorch's name.</summary>
internal static class ElementTypeOption
{
    private static readonly Dictionary<string, ScalarType> Types = new()
    {
        ["float32"] = ScalarType.Float32,
        ["bfloat16"] = ScalarType.BFloat16,
        ["float16"] = ScalarType.Float16,
    };

    /// <summary>Makes the option; F32 unless given.</summary>
    /// <param name="purpose">What the type is for.</param>
    public static Option<string> Create(string purpose)
    {
        var option = new Option<string>("--dtype") { Description = $"{purpose}: {string.Join(", ", Types.Keys)}.", DefaultValueFactory = _ => "float32" };
        option.AcceptOnlyFromAmong([.. Types.Keys]);
        return option;
    }

    /// <summary>Reads it.</summary>
    public static ScalarType Get(CommandContext context, Option<string> option) => Types[context.Value(option)!];
}
