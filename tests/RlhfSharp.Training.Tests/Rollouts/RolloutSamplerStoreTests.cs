using RlhfSharp.Models;
using RlhfSharp.Models.Architectures;
using RlhfSharp.Models.Checkpoints;
using RlhfSharp.Models.Generation;
using RlhfSharp.Models.Tokenization;
using RlhfSharp.Training.Data;
using RlhfSharp.Training.Objectives;
using RlhfSharp.Training.Rollouts;
using RlhfSharp.Training.Runs;
using static TorchSharp.torch;

namespace RlhfSharp.Training.Tests.Rollouts;

/// <summary>Samples that runs share.</summary>
public sealed class RolloutSamplerStoreTests : IDisposable
{
    private readonly TemporaryFolder _folder = TestFiles.NewFolder();
    private readonly Tokenizer _tokenizer = TokenizerFactory.FromCharacters("abcdef", endToken: "<end>", padToken: "<pad>");
    private readonly LanguageModel _model;

    public RolloutSamplerStoreTests()
    {
        var json = System.Text.Json.Nodes.JsonNode.Parse("""{"model_type":"gpt2","n_layer":1,"n_embd":32,"n_head":2,"n_positions":32,"vocab_size":8}""")!.AsObject();
        _model = LanguageModel.Create(ArchitectureRegistry.Read(new ConfigFile(json, "test")), seed: 0, ScalarType.Float32, CPU);
    }

    public void Dispose()
    {
        _model.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void Draw_ByAnotherRunBefore_AreTakenFromThereAndScoredAnew()
    {
        var first = Draw(reward: 1);
        // The file, not the generator: a text that no sample had.
        var file = Assert.Single(Directory.GetFiles(_folder.Path));
        File.WriteAllText(file, File.ReadAllText(file).Replace($"\"text\":\"{first[0].Text}\"", "\"text\":\"kept\"", StringComparison.Ordinal));

        var second = Draw(reward: 2);

        Assert.Equal("kept", second[0].Text);
        Assert.Equal(first.Select(rollout => rollout.Tokens), second.Select(rollout => rollout.Tokens));
        Assert.Equal(first.Select(rollout => rollout.LogProbs), second.Select(rollout => rollout.LogProbs));
        Assert.All(second, rollout => Assert.Equal(2, rollout.Reward));
    }

    [Theory]
    [InlineData("seed")]
    [InlineData("policy")]
    [InlineData("temperature")]
    [InlineData("length")]
    [InlineData("prompts")]
    [InlineData("round")]
    public void Draw_AnythingElse_IsDrawn(string change)
    {
        Draw(reward: 1);
        if (change == "policy")
        {
            using var noGrad = no_grad();
            _model.Parameters.Tensors.First().Value.mul_(1.001);
        }

        Draw(reward: 1,
            seed: change == "seed" ? 4 : 3,
            options: new RlooOptions { Temperature = change == "temperature" ? 0.9 : 1, MaxNewTokens = change == "length" ? 5 : 6 },
            prompts: change == "prompts" ? "abd" : "abc",
            round: change == "round" ? 1 : 0);

        Assert.Equal(2, Directory.GetFiles(_folder.Path).Length);
    }

    private IReadOnlyList<Rollout> Draw(double reward, long seed = 3, RlooOptions? options = null, string prompts = "abc", int round = 0)
    {
        using var sampler = new RolloutSampler(
            _model, ReferencePolicy.Of(_model), _tokenizer, new WeightedReward([new RewardPart("same", 1, false, null, new SameReward(reward))]), [], seed)
        {
            Store = new ContentStore(_folder.Path),
        };
        return sampler.Draw(
            round,
            [.. prompts.Select(letter => new RolloutPrompt($"{letter}", new Passage($"{letter}"), _tokenizer.Encode($"{letter}")))],
            samplesPerPrompt: 2,
            options ?? new RlooOptions { MaxNewTokens = 6 },
            CancellationToken.None);
    }

    private sealed class SameReward(double reward) : IRolloutReward
    {
        public IReadOnlyList<double> Score(IReadOnlyList<(RolloutPrompt Prompt, GeneratedSample Sample)> samples, CancellationToken cancellationToken) => [.. samples.Select(_ => reward)];

        public void Dispose()
        {
        }
    }
}
