using System.Text.Json;
using RlhfSharp.Models;
using RlhfSharp.Models.Architectures;
using RlhfSharp.Models.Checkpoints;
using static TorchSharp.torch;

namespace RlhfSharp.Tests;

/// <summary>A tiny checkpoint with the outputs of the peer's own code.</summary>
internal sealed class ModelFixture
{
    private readonly string _directory;

    private ModelFixture(string directory)
    {
        _directory = directory;
        Name = Path.GetFileName(directory);
        Expected = Read(directory);
    }

    public string Name { get; }

    public JsonElement Expected { get; }

    public string ModelType => ConfigFile.Read(_directory).Text("model_type", string.Empty);

    /// <summary>Gets the folders that hold fixtures: those that came with the project, and one that the environment names.</summary>
    public static IEnumerable<string> Roots =>
        new[] { TestFiles.Fixtures, Environment.GetEnvironmentVariable("RLHFSHARP_FIXTURES") }.OfType<string>().Where(Directory.Exists);

    /// <summary>Finds all causal language models among the fixtures: name and folder.</summary>
    public static IEnumerable<(string Name, string Directory)> CausalModels() => All().Where(fixture => Task(fixture.Directory) != ModelTask.SequenceClassification);

    /// <summary>Finds all classifiers among the fixtures: name and folder.</summary>
    public static IEnumerable<(string Name, string Directory)> Classifiers() => All().Where(fixture => Task(fixture.Directory) == ModelTask.SequenceClassification);

    private static IEnumerable<(string Name, string Directory)> All() =>
        from root in Roots
        from directory in Directory.GetDirectories(Path.Combine(root, "models")).Order(StringComparer.Ordinal)
        where File.Exists(Path.Combine(directory, ConfigFile.FileName))
        select (Path.GetFileName(directory), directory);

    public static ModelFixture Open(string directory) => new(directory);

    public static ModelFixture Named(string name) => new(Path.Combine(TestFiles.Fixtures, "models", name));

    /// <summary>Gets what the model asks for that is not built yet; null when all is.</summary>
    public string? Unsupported
    {
        get
        {
            try
            {
                ArchitectureRegistry.Read(ConfigFile.Read(_directory));
                return null;
            }
            catch (UnsupportedModelException exception)
            {
                return exception.Message;
            }
        }
    }

    public SequenceClassifier LoadClassifier() => Checkpoint.LoadClassifier(_directory, ScalarType.Float32, CPU);

    public LanguageModel LoadModel() => Checkpoint.Load(_directory, ScalarType.Float32, CPU);

    public string Folder => _directory;

    // By the class alone: a fixture of a family that is not built yet must be skipped by name, not overlooked.
    private static ModelTask Task(string directory) =>
        ConfigFile.Read(directory).Json["architectures"]?[0]?.ToString() is { } name && (name.Contains("Classification", StringComparison.Ordinal) || name.Contains("Reward", StringComparison.Ordinal))
            ? ModelTask.SequenceClassification : ModelTask.LanguageModel;

    // gpt2_hubnames has gpt2's weights under other names, and its expected values lie there.
    private static JsonElement Read(string directory)
    {
        var expected = JsonDocument.Parse(File.ReadAllText(Path.Combine(directory, "expected.json"))).RootElement;
        return expected.TryGetProperty("nopad", out _) || !Path.GetFileName(directory).EndsWith("_hubnames", StringComparison.Ordinal)
            ? expected
            : Read(directory[..^"_hubnames".Length]);
    }
}
