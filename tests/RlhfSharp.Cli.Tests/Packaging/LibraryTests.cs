namespace RlhfSharp.Cli.Tests.Packaging;

/// <summary>The packed libraries, referenced by a program of somebody else's.</summary>
public sealed class LibraryTests(PackedFixture packed)
{
    private const string Program = """
        using TorchSharp;

        // A tensor before anything of RlhfSharp is used: its loader must have run by then.
        Console.WriteLine(torch.ones(3).sum().ToSingle());
        Console.WriteLine(RlhfSharp.Models.Runtime.NearestName.Find("colour", ["color"]));
        """;

    [Fact]
    public void Reference_ProgramThatMakesATensorFirst_Runs()
    {
        using var folder = TestFiles.NewFolder();
        // The topmost library: the loader has to arrive through the packages it depends on.
        File.WriteAllText(folder.File("demo.csproj"), $"""
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup>
                <OutputType>Exe</OutputType>
                <TargetFramework>net10.0</TargetFramework>
                <ImplicitUsings>enable</ImplicitUsings>
                <CreateHardLinksForCopyLocalIfPossible>true</CreateHardLinksForCopyLocalIfPossible>
              </PropertyGroup>
              <ItemGroup>
                <PackageReference Include="RlhfSharp.Experiments" Version="{packed.Version("RlhfSharp.Experiments")}" />
                <PackageReference Include="libtorch-cpu-linux-x64" Version="2.10.0" />
              </ItemGroup>
            </Project>
            """);
        File.WriteAllText(folder.File("Program.cs"), Program);
        // The packages under test go to a cache of their own; everything else is taken from the machine's, without a copy.
        File.WriteAllText(folder.File("nuget.config"), $"""
            <configuration>
              <packageSources><add key="packed" value="{packed.Feed}" /></packageSources>
              <fallbackPackageFolders><add key="shared" value="{PackedFixture.NuGetCache}" /></fallbackPackageFolders>
            </configuration>
            """);

        var result = ChildProcess.Dotnet(folder.Path, ["run"], new Dictionary<string, string> { ["NUGET_PACKAGES"] = folder.File("packages") });

        Assert.EndsWith("3\ncolor\n", result.Output, StringComparison.Ordinal);
    }
}
