using System.CommandLine;
using RlhfSharp.Models.Runtime;

namespace RlhfSharp.Cli;

/// <summary>The options that every command takes.</summary>
internal static class CommonOptions
{
    /// <summary>Gets where tensors live, by a name of <see cref="DeviceSelector"/>.</summary>
    public static Option<string> Device { get; } = MakeDevice();

    /// <summary>Gets the directory of libtorch.</summary>
    public static Option<string?> LibTorch { get; } = LibTorchOption.Create();

    /// <summary>Gets whether the last line of standard output is one JSON object.</summary>
    public static Option<bool> Json { get; } = new("--json")
    {
        Description = "End standard output with one line that is a JSON object.",
        Recursive = true,
    };

    /// <summary>Gets whether errors come with everything known about them.</summary>
    public static Option<bool> Verbose { get; } = new("--verbose")
    {
        Description = "Show more, and for an error where in the program it arose.",
        Recursive = true,
    };

    private static Option<string> MakeDevice()
    {
        var option = new Option<string>("--device")
        {
            Description = "Where tensors live: auto (CUDA if there is any), cpu, cuda or cuda:N.",
            HelpName = "auto|cpu|cuda[:N]",
            DefaultValueFactory = _ => DeviceSelector.Auto,
            Recursive = true,
        };
        option.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<string>() is { } name && !DeviceSelector.IsName(name))
            {
                result.AddError($"--device: {DeviceSelector.UnknownName(name)}");
            }
        });
        return option;
    }
}
