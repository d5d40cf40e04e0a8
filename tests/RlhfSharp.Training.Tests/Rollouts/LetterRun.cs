using RlhfSharp.Models;
using RlhfSharp.Models.Architectures;
using RlhfSharp.Models.Checkpoints;
using RlhfSharp.Models.Heads;
using RlhfSharp.Models.Tokenization;
using RlhfSharp.Training.Data;
using RlhfSharp.Training.Loop;
using RlhfSharp.Training.Objectives;
using RlhfSharp.Training.Rollouts;
using RlhfSharp.Training.Runs;
using static TorchSharp.torch;

namespace RlhfSharp.Training.Tests.Rollouts;

/// <summary>A policy of one small layer whose prompts are six letters, and which is rewarded for each 'b' that follows.</summary>
internal sealed class LetterRun : IDisposable
{
    private readonly TemporaryFolder _folder = TestFiles.NewFolder();
    public Tokenizer Tokenizer { get; } = TokenizerFactory.FromCharacters("abcdef", endToken: "<end>", padToken: "<pad>");
    public LanguageModel Model { get; }

    public IReadOnlyList<TokenizedDialogue> Original { get; init; } = [];

    public LetterRun()
    {
        var json = System.Text.Json.Nodes.JsonNode.Parse("""{"model_type":"gpt2","n_layer":1,"n_embd":32,"n_head":2,"n_positions":32,"vocab_size":8}""")!.AsObject();
        Model = LanguageModel.Create(ArchitectureRegistry.Read(new ConfigFile(json, "test")), seed: 0, ScalarType.Float32, CPU);
        Model.Add(ValueHead.Create(32, seed: 0, ScalarType.Float32, CPU));
        Directory = RunDirectory.Open(_folder.Path);
    }

    public RunDirectory Directory { get; }

    public IReadOnlyList<Rollout> Expected { get; set; } = [];

    public LetterReward Reward { get; init; } = new(text => text.Length == 0 ? 0 : text.Count(letter => letter == 'b') / (double)text.Length);

    public string Before { get; init; } = string.Empty;

    public OnPolicyTask Task(string kind, OnPolicyOptions? options = null)
    {
        var sampler = new RolloutSampler(Model, ReferencePolicy.Of(Model), Tokenizer, new WeightedReward([new RewardPart("letters", 1, false, null, Reward)]), [], seed: 3);
        List<RolloutPrompt> prompts = [.. "abcdef".Select(letter => new RolloutPrompt($"{letter}", new Passage(Before + letter), Tokenizer.Encode(Before + letter)))];
        var parts = new OnPolicyRun(Model, prompts, sampler, new RolloutLog(Directory.Rollouts), new GrowLog(Directory.Growing), RowsPerStep: 8, Seed: 3);
        try
        {
            return (options ?? Defaults(kind)) switch
            {
                PpoOptions ppo => new PpoTask(parts, ppo),
                RlooOptions rloo => new RlooTask(parts, rloo),
                RestOptions rest => new RestTask(parts, Original, rest),
                GrpoOptions grpo => new GrpoTask(parts, grpo),
                _ => throw new ArgumentException(kind),
            };
        }
        catch
        {
            sampler.Dispose();   // no task came to own it
            throw;
        }
    }

    private static OnPolicyOptions Defaults(string kind) => kind switch
    {
        "ppo" => new PpoOptions { PromptsPerRound = 16, MaxNewTokens = 6, UpdateEpochs = 2 },
        "rloo" => new RlooOptions { PromptsPerRound = 8, MaxNewTokens = 6 },
        "grpo" => new GrpoOptions { PromptsPerRound = 4, SamplesPerPrompt = 4, MaxNewTokens = 6, KlCoefficient = 0.01 },
        _ => new RestOptions { PromptsPerRound = 6, SamplesPerPrompt = 8, MaxNewTokens = 6, Thresholds = [0, 0.5], Loss = kind == "rest" ? RestLoss.Nll : RestLoss.Dpo },
    };

    public float[] Weights()
    {
        using var scope = NewDisposeScope();
        return [.. Model.AllParameters.SelectMany(parameter => parameter.Value.detach().flatten().data<float>().ToArray())];
    }

    public void SpoilModel()
    {
        using var noGrad = no_grad();
        foreach (var (_, parameter) in Model.AllParameters)
        {
            parameter.mul_(0.5);
        }
    }

    public static TrainingLoop Loop(OnPolicyTask task) =>
        new(task, new LoopOptions { RowsPerStep = 8, LogEvery = 1, MaxSteps = 1000 }, new OptimizerOptions { LearningRate = 3e-3 }, seed: 0);

    public void Dispose()
    {
        Directory.Dispose();
        Model.Dispose();
        _folder.Dispose();
    }
}
