using RlhfSharp.Cli.Tests.Support;
using RlhfSharp.Models.Checkpoints;
using static TorchSharp.torch;

namespace RlhfSharp.Cli.Tests.BadInput;

/// <summary>A run that is done and must stay what it is while something goes wrong, beside a data set and a checkpoint to go wrong with.</summary>
public sealed class EarlierRun : IDisposable
{
    private readonly TemporaryFolder _folder = new("bad-input");
    private readonly Dictionary<string, byte[]> _files;

    public EarlierRun()
    {
        TinyExperiment.WriteCheckpoint(_folder);
        TinyExperiment.WriteRows(_folder, TinyExperiment.Preferences);
        var result = Rlhf.Run("train", WriteRecipe(), "--run", Directory);
        Assert.True(result.ExitCode == 0, result.Error);
        _files = Read();
    }

    /// <summary>Gets the run's folder.</summary>
    public string Directory => File("run");

    /// <summary>Gets the folder of the checkpoint that is fine.</summary>
    public string Model => File("model");

    /// <summary>Names a file beside the run.</summary>
    public string File(params string[] parts) => _folder.File(parts);

    /// <summary>Writes a recipe that is fine but for what is given.</summary>
    public string WriteRecipe(string? model = null, string? rows = null, string data = "", string objective = "kind: ilql", string evaluation = "kind: preferences", string rest = "") =>
        TinyExperiment.WriteRecipe(_folder, $$"""
            model: { path: {{model ?? Model}} }
            data: { kind: dialogues, files: [{{rows ?? File("rows.jsonl")}}], heldOutFolds: [0], {{data}} }
            objective: { {{objective}} }
            loop: { rowsPerStep: 8, maxSteps: 2, saveEvery: 1 }
            evaluation: { {{evaluation}} }
            {{rest}}
            """);

    /// <summary>Writes rows to a file of their own.</summary>
    internal string WriteRows(params IEnumerable<object> rows) => TinyExperiment.WriteRows(_folder, rows, "other.jsonl");

    /// <summary>Checks that a command failed with one message and that everything is as it was.</summary>
    internal void AssertRefused(ChildResult result, string message, int exitCode = ExitCodes.Error)
    {
        Assert.True(result.ExitCode == exitCode, $"ended with {result.ExitCode}:\n{result.Output}\n{result.Error}");
        Assert.Contains(message, result.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", result.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("internal error", result.Error, StringComparison.Ordinal);
        AssertUntouched();
    }

    /// <summary>Checks that the run is as it was, that its checkpoint loads, and that nothing half written lies around.</summary>
    internal void AssertUntouched()
    {
        var files = Read();
        Assert.Equal(_files.Keys.Order(), files.Keys.Order());
        Assert.All(_files, file => Assert.True(file.Value.AsSpan().SequenceEqual(files[file.Key]), $"{file.Key} was changed."));
        using (Checkpoint.Load(File("run", "checkpoints", "final"), ScalarType.Float32, CPU))
        {
            AssertNothingHalfWritten(_folder.Path);
        }
    }

    internal static void AssertNothingHalfWritten(string folder) => Assert.DoesNotContain(
        System.IO.Directory.EnumerateFileSystemEntries(folder, "*", new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.None }),
        path => Path.GetFileName(path).StartsWith(".partial-", StringComparison.Ordinal) || path.EndsWith(".tmp", StringComparison.Ordinal));

    public void Dispose() => _folder.Dispose();

    private Dictionary<string, byte[]> Read() => System.IO.Directory.EnumerateFiles(Directory, "*", SearchOption.AllDirectories)
        .ToDictionary(path => Path.GetRelativePath(Directory, path), System.IO.File.ReadAllBytes);
}
