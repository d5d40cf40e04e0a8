using RlhfSharp.Cli.Tests.Support;
using RlhfSharp.Models.Checkpoints;
using RlhfSharp.Models.Tokenization;

namespace RlhfSharp.Cli.Tests.Resume;

/// <summary>A kind of run that must survive being killed. A new kind of phase adds an entry to <see cref="All"/>, nothing else.</summary>
/// <param name="Name">The test's name.</param>
/// <param name="Recipe">Everything of the recipe but its name and threads.</param>
/// <param name="Prepare">Writes what the recipe reads; paths in the recipe are relative to the folder.</param>
/// <param name="Command">The command that runs the recipe.</param>
internal sealed record ResumeKind(string Name, string Recipe, Action<TemporaryFolder> Prepare, string Command = "train")
{
    private const string Loop = "loop: { rowsPerStep: 16, maxSteps: 24, saveEvery: 3, evaluateEvery: 4, logEvery: 2, keepCheckpoints: 2";

    /// <summary>Gets every kind.</summary>
    public static IReadOnlyList<ResumeKind> All { get; } =
    [
        new(
            "random walks with ILQL",
            $$"""
            model: { new: { model_type: gpt2, n_layer: 1, n_embd: 32, n_head: 2 } }
            data: { kind: random-walks }
            objective: { kind: ilql, alpha: 0.1, stepsForTargetQSync: 2 }
            optimizer: { schedule: cosine, warmupSteps: 5 }
            {{Loop}}, bestMetric: "-lengths@beta=1" }
            evaluation: { kind: random-walks, betas: [0, 1], finalSamplesPerStart: 2 }
            """,
            _ => { }),
        new(
            "preferences with ILQL on an adapter, resumed across folds",
            $$"""
            model: { path: model, lora: { rank: 2, dropout: 0.1 } }
            data: { kind: dialogues, files: [rows.jsonl], folds: 5, heldOutFolds: [0, 3] }
            objective: { kind: ilql, targets: monte-carlo, gamma: 1, targetSync: per-pass, stepsForTargetQSync: 1 }
            {{Loop}}, order: length-buckets, tokensPerMicroBatch: 600, bestMetric: accuracy/q }
            evaluation: { kind: preferences }
            """,
            folder => Write(folder, TinyExperiment.Preferences)),
        new(
            "a reward model",
            $$"""
            model: { path: model }
            data: { kind: dialogues, files: [rows.jsonl], format: plain, folds: 5, heldOutFolds: [2] }
            objective: { kind: reward-model, centerRewardsCoefficient: 0.01 }
            {{Loop}}, bestMetric: eval_accuracy }
            evaluation: { kind: preferences }
            """,
            folder => Write(folder, TinyExperiment.Preferences)),
        new(
            "preferences with DPO on an adapter",
            $$"""
            model: { path: model, lora: { rank: 2 } }
            data: { kind: dialogues, files: [rows.jsonl], folds: 5, heldOutFolds: [2] }
            objective: { kind: dpo, sftCoefficient: 0.1 }
            {{Loop}}, bestMetric: eval_rewards/accuracies }
            evaluation: { kind: preferences }
            """,
            folder => Write(folder, TinyExperiment.Preferences)),
        new(
            "supervised fine-tuning, resumed across seeds",
            $$"""
            seeds: [0, 1]
            model: { path: model, unfrozenLayers: 1 }
            data: { kind: dialogues, files: [rows.jsonl], folds: 5, heldOutFolds: [1] }
            objective: { kind: sft }
            {{Loop}}, bestMetric: -eval_loss }
            evaluation: { kind: loss }
            """,
            folder => Write(folder, TinyExperiment.Completions)),
        new(
            "pink elephants, rewarded at the mention",
            $$"""
            model: { path: model }
            data: { kind: pink-elephants, dialogues: 24, reward: mention }
            objective: { kind: ilql, targets: lambda, stepsForTargetQSync: 1 }
            {{Loop}}, bestMetric: "-mention_rate@beta=2" }
            evaluation: { kind: pink-elephants, beta: 2, betas: [0, 2], maxNewTokens: 12, validationDialogues: 10, evaluationDialogues: 10, judge: model }
            """,
            folder => TinyExperiment.WriteCheckpoint(folder, context: 1024)),
        new(
            "random walks with PPO, whose weight of the penalty moves",
            $$"""
            model: { new: { model_type: gpt2, n_layer: 1, n_embd: 32, n_head: 2 } }
            data: { kind: random-walks }
            objective: { kind: ppo, promptsPerRound: 40, updateEpochs: 2, maxNewTokens: 9, klTarget: 1, klHorizon: 400 }
            rewards: [{ kind: optimality, weight: 2, standardize: true }]
            {{Loop}}, bestMetric: "-lengths@beta=0" }
            evaluation: { kind: random-walks, finalSamplesPerStart: 2 }
            """,
            _ => { }),
        new(
            "random walks with ReST from the first weights each round",
            $$"""
            model: { new: { model_type: gpt2, n_layer: 1, n_embd: 32, n_head: 2 } }
            data: { kind: random-walks }
            objective: { kind: rest, promptsPerRound: 10, samplesPerPrompt: 6, maxNewTokens: 9, thresholds: [0.3, 0.6], start: base, originalAnswers: 4 }
            rewards: [{ kind: optimality }]
            {{Loop}} }
            evaluation: { kind: random-walks, finalSamplesPerStart: 2 }
            """,
            _ => { }),
        new(
            "pink elephants with GRPO on an adapter, to the end of a budget",
            $$"""
            model: { path: model, lora: { rank: 2 } }
            data: { kind: pink-elephants, dialogues: 24 }
            objective: { kind: grpo, promptsPerRound: 8, samplesPerPrompt: 4, maxNewTokens: 12, klCoefficient: 0.05 }
            rewards: [{ kind: pink-elephant, rule: obeys }, { kind: pink-elephant, rule: long-enough, weight: 0.5 }]
            {{Loop}}, computeBudget: 200000 }
            evaluation: { kind: pink-elephants, maxNewTokens: 12, validationDialogues: 10, evaluationDialogues: 10 }
            """,
            folder => TinyExperiment.WriteCheckpoint(folder, context: 1024)),
        new(
            "iterated RLHF from an interpolated start, which keeps policies only",
            """
            keep: policies
            model: { path: model }
            data: { kind: pink-elephants, dialogues: 24 }
            gold: { path: gold, format: plain }
            iterations: 2
            labels: { perBatch: 8, maxNewTokens: 8 }
            proxy: { epochs: 1, pairsPerStep: 4 }
            start: interpolated
            objective: { kind: rloo, promptsPerRound: 4, samplesPerPrompt: 2, maxNewTokens: 8 }
            loop: { rowsPerStep: 4, maxSteps: 4, evaluateEvery: 2, saveEvery: 2, logEvery: 1 }
            evaluation: { prompts: 6 }
            variants: [{ name: worst, set: { proxy.members: 2, proxy.combineIterations: worst-case, proxy.new: { model_type: gpt2, n_layer: 1, n_embd: 8, n_head: 2 } } }, { name: gold, set: { reward: gold } }, { name: best, set: { start: supervised, objective: { kind: best-of-n, samples: 3 } } }]
            """,
            folder =>
            {
                TinyExperiment.WriteCheckpoint(folder, context: 1024);
                WriteGold(folder);
            },
            "iterate"),
        new(
            "a sweep by halving, one trial of which diverges",
            """
            model: { new: { model_type: gpt2, n_layer: 1, n_embd: 32, n_head: 2 } }
            data: { kind: random-walks }
            objective: { kind: ilql, alpha: 0.1, stepsForTargetQSync: 2 }
            loop: { rowsPerStep: 16, maxSteps: 20, saveEvery: 4, evaluateEvery: 7, logEvery: 2, keepCheckpoints: 1 }
            evaluation: { kind: random-walks, betas: [0, 1] }
            sweep:
              method: halving
              trials: 6
              eta: 2
              minSteps: 5
              metric: lengths@beta=0
              goal: minimize
              parameters: { optimizer.learningRate: { values: [0.001, 0.01, 1.0e+30] }, objective.tau: { range: [0.5, 0.9] } }
            """,
            _ => { },
            "sweep"),
    ];

    /// <inheritdoc/>
    public override string ToString() => Name;

    // With the policy's tokenizer: a model of random weights writes any character there is.
    private static void WriteGold(TemporaryFolder folder)
    {
        using var gold = Checkpoint.StartClassifier(folder.File("model"), labelCount: 1, seed: 5, TorchSharp.torch.ScalarType.Float32, TorchSharp.torch.CPU);
        Checkpoint.Save(gold, folder.File("gold"));
        TokenizerLoader.Load(folder.File("model")).Save(folder.File("gold"));
    }

    private static void Write(TemporaryFolder folder, IEnumerable<object> rows)
    {
        TinyExperiment.WriteRows(folder, rows);
        TinyExperiment.WriteCheckpoint(folder);
    }
}
