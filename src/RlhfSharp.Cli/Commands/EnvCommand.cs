using System.Reflection;
using System.Runtime.InteropServices;
using RlhfSharp.Models.Runtime;
using TorchSharp;

namespace RlhfSharp.Cli.Commands;

/// <summary><c>rlhf env</c>: what this installation consists of, and whether libtorch works here.</summary>
internal sealed class EnvCommand : RlhfCommand
{
    public EnvCommand()
        : base("env", "Show versions, the libtorch in use, devices and threads.")
    {
    }

    protected override int Run(CommandContext context)
    {
        var device = context.SelectDevice();
        using var scope = torch.NewDisposeScope();
        _ = torch.ones(3, device: device).sum();   // the first tensor is what fails where libtorch does not work

        var facts = new Dictionary<string, object>
        {
            ["rlhf"] = VersionOf(typeof(EnvCommand).Assembly),
            ["dotnet"] = Environment.Version.ToString(),
            ["system"] = $"{RuntimeInformation.RuntimeIdentifier}, {RuntimeInformation.OSDescription}",
            ["torchsharp"] = VersionOf(typeof(torch).Assembly),
            ["libtorch"] = LibTorch.DirectoryInUse ?? "found by TorchSharp",
            ["devices"] = DeviceSelector.Available(),
            ["device"] = device.ToString(),
            ["threads"] = torch.get_num_threads(),
        };
        if (context.Json)
        {
            context.WriteJson(facts);
            return ExitCodes.Done;
        }
        foreach (var (name, value) in facts)
        {
            context.Output.WriteLine($"{name,-12}{(value is IEnumerable<string> names ? string.Join(", ", names) : value)}");
        }
        return ExitCodes.Done;
    }

    // The part after + is the commit it was built from.
    private static string VersionOf(Assembly assembly) =>
        assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion.Split('+')[0];
}
