using System.CommandLine;
using RlhfSharp.Models.Runtime;

namespace RlhfSharp.Cli;

/// <summary>The option that names libtorch's directory. It has to take effect before the rest of the command line is looked at.</summary>
internal static class LibTorchOption
{
    private const string Name = "--libtorch";

    /// <summary>Makes the option.</summary>
    public static Option<string?> Create()
    {
        var option = new Option<string?>(Name)
        {
            Description = $"Directory with libtorch's libraries, for instance a CUDA build's; goes before {LibTorch.DirectoryVariable}.",
            HelpName = "DIR",
            Recursive = true,
        };
        option.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<string?>() is { } directory && !LibTorch.IsIn(directory))
            {
                result.AddError($"{Name}: {LibTorch.MissingIn(directory)}");
            }
        });
        return option;
    }

    /// <summary>Hands the directory on to the loader, which reads it from the environment when RlhfSharp.Models is first used.</summary>
    /// <param name="args">The whole command line; everything but this option is ignored, errors are left to the real parser.</param>
    public static void Apply(string[] args)
    {
        var option = new Option<string?>(Name) { Recursive = true };
        var parser = new RootCommand { option };
        parser.TreatUnmatchedTokensAsErrors = false;
        if (parser.Parse(args, RootCommandBuilder.ParserConfiguration).GetResult(option)?.Tokens is [var directory, ..])
        {
            Environment.SetEnvironmentVariable(LibTorch.DirectoryVariable, Path.GetFullPath(directory.Value));
        }
    }
}
