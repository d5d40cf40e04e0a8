using System.Text.Json;
using System.Text.Json.Nodes;
using RlhfSharp.Models;
using RlhfSharp.Models.Architectures;
using RlhfSharp.Models.Checkpoints;
using RlhfSharp.Models.Tokenization;
using static TorchSharp.torch;

namespace RlhfSharp.Cli.Tests.Support;

/// <summary>Recipes, data and checkpoints small enough to train in a second.</summary>
internal static class TinyExperiment
{
    public const string RecipeName = "tiny.yaml";

    private static readonly string[] Names = ["Ann", "Ben", "Cem", "Dora", "Eve", "Finn", "Gus", "Hedy", "Ida", "Jon"];
    private static readonly string[] Things = ["a cat", "a dog", "the sea", "an old book", "some tea"];

    /// <summary>Gets the rows of a preference data set.</summary>
    public static IEnumerable<object> Preferences => Questions.Select(question => new
    {
        prompt = question,
        chosen = $" Yes, {question.Split(' ')[1]} does.",
        rejected = " No idea, go away and ask somebody else.",
    });

    /// <summary>Gets the rows of a data set for supervised fine-tuning.</summary>
    public static IEnumerable<object> Completions =>
        Questions.Select(question => new { prompt = question, completion = $" Yes, {question.Split(' ')[1]} does." });

    private static IEnumerable<string> Questions => from name in Names from thing in Things select $"Does {name} like {thing}?";

    /// <summary>Writes a recipe; its name is that of the file.</summary>
    public static string WriteRecipe(TemporaryFolder folder, string yaml)
    {
        var path = folder.File(RecipeName);
        File.WriteAllText(path, $"name: tiny\nthreads: 1\n{yaml}\n");
        return path;
    }

    /// <summary>Writes a recipe in which MODEL and ROWS stand for a checkpoint and a file of rows, and these two.</summary>
    public static string WriteRecipe(TemporaryFolder folder, string yaml, IEnumerable<object> rows) => WriteRecipe(folder, yaml
        .Replace("MODEL", WriteCheckpoint(folder), StringComparison.Ordinal)
        .Replace("ROWS", WriteRows(folder, rows), StringComparison.Ordinal));

    /// <summary>Writes rows as JSON lines.</summary>
    public static string WriteRows(TemporaryFolder folder, IEnumerable<object> rows, string name = "rows.jsonl")
    {
        var path = folder.File(name);
        File.WriteAllLines(path, rows.Select(row => row as string ?? JsonSerializer.Serialize(row)));
        return path;
    }

    /// <summary>Writes a checkpoint with a tokenizer.</summary>
    public static string WriteCheckpoint(TemporaryFolder folder, int context = 96, int? vocabularySize = null)
    {
        var path = folder.File("model");
        var tokenizer = new ByteLevelBpeTrainer { VocabularySize = 280 }.Train(Questions);
        var config = new JsonObject
        {
            ["model_type"] = "gpt2",
            ["vocab_size"] = vocabularySize ?? tokenizer.VocabularySize,
            ["n_positions"] = context,
            ["n_layer"] = 1,
            ["n_embd"] = 16,
            ["n_head"] = 2,
        };
        using var model = LanguageModel.Create(ArchitectureRegistry.Read(new ConfigFile(config, "tiny")), seed: 1, ScalarType.Float32, CPU);
        Checkpoint.Save(model, path);
        tokenizer.Save(path);
        return path;
    }
}
