using System.Text.Json.Nodes;
using RlhfSharp.Cli.Tests.Support;

namespace RlhfSharp.Cli.Tests.Commands;

public sealed class MergeCommandTests
{
    private const string Recipe = """
        model: { path: MODEL, lora: { rank: 2, alpha: 16, dropout: 0.1, targets: [c_attn, c_fc] } }
        data: { kind: dialogues, files: [ROWS], folds: 5, heldOutFolds: [1] }
        objective: { kind: sft }
        optimizer: { learningRate: 0.05 }
        loop: { maxSteps: 6, rowsPerStep: 4, saveEvery: 3 }
        evaluation: { kind: loss }
        """;

    [Fact]
    public void Merge_TrainedAdapter_ComputesTheSameWithoutIt()
    {
        using var folder = TestFiles.NewFolder();
        var run = Train(folder, Recipe);
        Assert.False(File.Exists(Path.Combine(run, "checkpoints", "final", "model.safetensors")));

        var merged = Rlhf.Run("merge", "--model", run, "--output", folder.File("merged"), "--max-shard-size", "0.000005");

        Assert.True(merged.ExitCode == ExitCodes.Done, merged.Error);
        Assert.True(File.Exists(folder.File("merged", "model.safetensors.index.json")));
        Assert.True(File.Exists(folder.File("merged", "tokenizer.json")));
        File.WriteAllText(folder.File("ids.json"), """{"input_ids": [[1, 2, 3, 4], [5, 6, 7, 8]]}""");
        var (adapted, whole, before) = (Logits(folder, run), Logits(folder, folder.File("merged")), Logits(folder, folder.File("model")));
        Assert.All(adapted.Zip(whole), pair => Assert.Equal(pair.First, pair.Second, 1e-4));
        Assert.Contains(adapted.Zip(before), pair => Math.Abs(pair.First - pair.Second) > 0.01);
    }

    [Theory]
    [InlineData("path: MODEL, lora: { targets: [c_atn] }", "lora.targets: the model has no layer 'c_atn'. Did you mean 'c_attn'?")]
    [InlineData("path: MODEL, unfrozenLayers: 1, lora: { rank: 2 }", "model.lora and model.unfrozenLayers exclude each other")]
    [InlineData("path: MODEL, lora: { rank: 0 }", "rank")]
    public void Train_WrongAdapter_IsNamed(string model, string message)
    {
        using var folder = TestFiles.NewFolder();
        var recipe = Write(folder, Recipe.Replace("path: MODEL, lora: { rank: 2, alpha: 16, dropout: 0.1, targets: [c_attn, c_fc] }", model, StringComparison.Ordinal));

        var result = Rlhf.Run("train", recipe, "--run", folder.File("run"));

        Assert.Equal(ExitCodes.Error, result.ExitCode);
        Assert.Contains(message, result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Merge_WholeModel_IsRefused()
    {
        using var folder = TestFiles.NewFolder();
        var model = TinyExperiment.WriteCheckpoint(folder);

        var result = Rlhf.Run("merge", "--model", model, "--output", folder.File("merged"));

        Assert.Equal(ExitCodes.Error, result.ExitCode);
        Assert.Contains("is no adapter: there is nothing to merge.", result.Error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(folder.File("merged")));
    }

    private static string Train(TemporaryFolder folder, string recipe)
    {
        var run = folder.File("run");
        var result = Rlhf.Run("train", Write(folder, recipe), "--run", run);
        Assert.True(result.ExitCode == ExitCodes.Done, result.Error);
        return run;
    }

    private static string Write(TemporaryFolder folder, string recipe) => TinyExperiment.WriteRecipe(folder, recipe, TinyExperiment.Completions);

    private static List<double> Logits(TemporaryFolder folder, string model)
    {
        var result = Rlhf.Run("forward", "--model", model, "--input", folder.File("ids.json"));
        Assert.True(result.ExitCode == ExitCodes.Done, result.Error);
        return [.. JsonNode.Parse(result.Output)!["logits"]!.AsArray().SelectMany(row => row!.AsArray()).SelectMany(position => position!.AsArray()).Select(value => (double)value!)];
    }
}
