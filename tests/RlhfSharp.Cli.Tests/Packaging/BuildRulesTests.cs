namespace RlhfSharp.Cli.Tests.Packaging;

/// <summary>What the build refuses: a project with every such fault is really built.</summary>
public sealed class BuildRulesTests : IDisposable
{
    // Below the repository, so that its rules apply.
    private readonly string _folder = Directory.CreateDirectory(
        Path.Combine(TestFiles.RepositoryRoot, "artifacts", $"rules-{Environment.ProcessId}", "RlhfSharp.Rules")).FullName;

    public void Dispose() => Directory.Delete(Path.GetDirectoryName(_folder)!, recursive: true);

    [Fact]
    public void Build_LibraryThatBreaksTheRules_WarnsOfEachFault()
    {
        File.WriteAllText(Path.Combine(_folder, "RlhfSharp.Rules.csproj"), """
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup><ProjectType>Library</ProjectType></PropertyGroup>
              <ItemGroup><PackageReference Include="TorchSharp" /></ItemGroup>
            </Project>
            """);
        File.WriteAllText(Path.Combine(_folder, "Faults.cs"), """
            using System.Text;
            using TorchSharp;
            namespace RlhfSharp.Rules;

            public static class Faults
            {
                internal static object Clock() => DateTime.Now;

                internal static object UniversalClock() => DateTime.UtcNow;

                internal static int Shared() => Random.Shared.Next();

                internal static object Seeded() => new Random(1);

                internal static void Seed() => torch.manual_seed(1);

                internal static void SeedToo() => torch.random.manual_seed(1);

                internal static void Collect() => GC.Collect(0);

                internal static void Wait() => Thread.Sleep(1);

                internal static int Length(string? text) => text.Length;
            }
            """);

        var output = ChildProcess.Dotnet(_folder, ["build", "-c", "Release", "--artifacts-path", Path.Combine(_folder, "out")]).Output;

        Assert.Matches(@"Faults\.cs\(1,\d+\): warning IDE0005", output);    // unnecessary using
        Assert.Matches(@"Faults\.cs\(5,\d+\): warning CS1591", output);    // public and undocumented
        foreach (var line in new[] { 7, 9, 11, 13, 15, 17, 19, 21 })
        {
            Assert.Matches($@"Faults\.cs\({line},\d+\): warning RS0030", output);   // banned
        }
        Assert.Matches(@"Faults\.cs\(23,\d+\): warning CS8602", output);   // possibly null
    }
}
