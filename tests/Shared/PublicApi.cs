using System.Reflection;
using PublicApiGenerator;

namespace RlhfSharp.Tests;

/// <summary>Compares what a library offers with the list that was last agreed on, so that nothing becomes public by accident.</summary>
internal static class PublicApi
{
    private const string AcceptVariable = "RLHFSHARP_ACCEPT_API";

    /// <summary>Checks a library against <c>tests/PublicApi/NAME.approved.txt</c>; with RLHFSHARP_ACCEPT_API=1 rewrites that file instead.</summary>
    public static void AssertApproved(string assembly)
    {
        var file = Path.Combine(TestFiles.RepositoryRoot, "tests", "PublicApi", $"{assembly}.approved.txt");
        var api = Assembly.Load(assembly).GeneratePublicApi(new ApiGeneratorOptions { IncludeAssemblyAttributes = false }).ReplaceLineEndings("\n");
        if (Environment.GetEnvironmentVariable(AcceptVariable) == "1")
        {
            File.WriteAllText(file, api);
            return;
        }
        var approved = File.Exists(file) ? File.ReadAllText(file) : string.Empty;
        Assert.True(api == approved, $"""
            The public API of {assembly} is not what tests/PublicApi/{assembly}.approved.txt says.
            {Differences(approved, api)}
            Make internal what users do not need. If the change is meant, accept it: {AcceptVariable}=1 dotnet test -c Release
            """);
    }

    private static string Differences(string approved, string api)
    {
        var (before, after) = (approved.Split('\n'), api.Split('\n'));
        var added = after.Except(before).Select(line => $"  new:  {line.Trim()}");
        var removed = before.Except(after).Select(line => $"  gone: {line.Trim()}");
        return string.Join('\n', added.Concat(removed));
    }
}
