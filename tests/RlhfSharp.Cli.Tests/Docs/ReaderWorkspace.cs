using RlhfSharp.Cli.Tests.Support;

namespace RlhfSharp.Cli.Tests.Docs;

/// <summary>A folder like a reader's clone with <c>shared</c> beside it, which is the working directory while this object lives.</summary>
internal sealed class ReaderWorkspace : IDisposable
{
    private readonly TemporaryFolder _folder = new("docs");
    private readonly string _before = Environment.CurrentDirectory;

    public ReaderWorkspace()
    {
        var clone = Directory.CreateDirectory(_folder.File("clone")).FullName;
        foreach (var name in new[] { "recipes", "src" })
        {
            Directory.CreateSymbolicLink(Path.Combine(clone, name), Path.Combine(TestFiles.RepositoryRoot, name));
        }
        var shared = Path.GetFullPath(Path.Combine(TestFiles.RepositoryRoot, "..", "shared"));
        if (Directory.Exists(shared))
        {
            Directory.CreateSymbolicLink(_folder.File("shared"), shared);
        }
        TinyLlama.WriteRewardModel(Path.Combine(clone, "my-reward-model"), labels: 1);   // the pages' name for a reader's own
        TinyLlama.WriteRewardModelOfBytes(Path.Combine(clone, "reward-model-of-bytes"));
        Environment.CurrentDirectory = clone;
    }

    public void Dispose()
    {
        Environment.CurrentDirectory = _before;
        _folder.Dispose();
    }
}
