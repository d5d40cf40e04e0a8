using System.Text.Json;
using RlhfSharp.Models.Checkpoints;
using RlhfSharp.Models.Generation;
using static TorchSharp.torch;

namespace RlhfSharp.Models.Tests.Architectures;

/// <summary>A really trained checkpoint: 200 greedy tokens.</summary>
[NoTensorLeak]
public sealed class Stories260KTests
{
    [Fact]
    public void Generate_GreedyFromBos_EqualsPublishedStory()
    {
        var directory = TestFiles.SharedData("stories260K-hf");
        var golden = JsonDocument.Parse(File.ReadAllText(Path.Combine(directory, "golden_greedy.json"))).RootElement
            .GetProperty("greedy_ids").EnumerateArray().Select(id => id.GetInt32()).ToArray();
        using var model = Checkpoint.Load(directory, ScalarType.Float32, CPU);

        var sample = Assert.Single(new TextGenerator(model, endTokens: []).Generate(
            [[1]], 1, new GenerationOptions { Temperature = 0, MaxNewTokens = golden.Length - 1 }, seed: 0));

        Assert.Equal(golden, sample.Tokens.Prepend(1));
    }
}
