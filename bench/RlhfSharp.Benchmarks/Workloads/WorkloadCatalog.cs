using RlhfSharp.Models.Runtime;

namespace RlhfSharp.Benchmarks.Workloads;

/// <summary>The workloads by name; <c>bench/README.md</c> says what each of them is.</summary>
internal static class WorkloadCatalog
{
    /// <summary>The name that stands for all of them.</summary>
    public const string AllName = "all";

    private static readonly int[] RowCounts = [1, 16, 64];
    private static readonly int[] BatchSizes = [1, 32, 1000, 10_000];

    /// <summary>Gets the workloads, in the order in which <see cref="AllName"/> runs them.</summary>
    public static IReadOnlyList<Workload> All { get; } =
    [
        new("gemm", WorkloadKind.Gemm, () => throw new InvalidOperationException("Matrix products are measured alone.")),
        new("ilql-step-full", WorkloadKind.Speed, () => Ilql(ModelShape.Small, steps: 2, rows: 8, shortest: 128, longest: 128)),
        new("ilql-step-ragged", WorkloadKind.Speed, Ragged),
        new("ilql-step-gpt2", WorkloadKind.Speed, () => Ilql(ModelShape.Gpt2, steps: 1, rows: 4, shortest: 64, longest: 64)),
        .. RowCounts.Select(rows => Generation($"generate-{rows}", Continue(ModelShape.Small, rows, newTokens: 64, topK: 50))),
        .. RowCounts.Select(rows => Generation($"generate-gpt2-{rows}", Continue(ModelShape.Gpt2, rows, newTokens: 32, topK: 50))),
        .. RowCounts.Select(rows =>
            Generation($"ilql-generate-{rows}", Continue(ModelShape.Small, rows, newTokens: 32, topK: 20) with { SteeringBeta = 1 })),
        new("ilql-ragged-vs-plain", WorkloadKind.Speed, Ragged),
        Generation(
            "generate-shared-vs-plain",
            Continue(ModelShape.Small, prompts: 8, newTokens: 64, topK: 50) with { SamplesPerPrompt = 8, PromptLength = 256 }),
        new("generate-512-vs-padded", WorkloadKind.Speed, () => Ragged512(promptLength: null)),
        new("generate-512-vs-padded-32", WorkloadKind.Speed, () => Ragged512(promptLength: 32)),
        new("generate-gpt2-1-vs-memory", WorkloadKind.Speed, () => new MemoryBoundContest(ModelShape.Gpt2, newTokens: 32)),
        Generation("first-token-256", Continue(ModelShape.Small, prompts: 1, newTokens: 1, topK: 50) with { PromptLength = 256 }),
        Generation("first-token-gpt2-512", Continue(ModelShape.Gpt2, prompts: 1, newTokens: 1, topK: 50) with { PromptLength = 512 }),
        new("load-sharded-4gb", WorkloadKind.Memory, () => new LoadContest(hidden: 2048, layers: 18, shardBytes: 1L << 30)),
        new("ilql-memory-vs-plain", WorkloadKind.Memory, () => Ilql(ModelShape.LargeVocabulary, steps: 1, rows: 16, shortest: 128, longest: 128)),
        .. BatchSizes.Select(batch => Archive($"archive-add-{batch}", () => ArchiveContests.Grid(100_000, batch))),
        Archive("archive-categorical-10k", () => ArchiveContests.Categorical(10_000)),
        Archive("archive-cvt-100k", () => ArchiveContests.Cvt(100_000, batch: 100, cells: 1000)),
        Archive("archive-grid-1m", () => ArchiveContests.Grid(1_000_000, batch: 10_000)),
        new("heatmap-png", WorkloadKind.Speed, () => new HeatMapContest(maps: 20), "maps"),
        new("dpo-step-full", WorkloadKind.Speed, () => Dpo(ModelShape.Small, steps: 2, pairs: 8, prompt: 64, shortest: 128, longest: 128)),
        new("dpo-step-ragged", WorkloadKind.Speed, () => Dpo(ModelShape.Small, steps: 4, pairs: 8, prompt: 64, shortest: 65, longest: 128)),
        new("dpo-step-gpt2", WorkloadKind.Speed, () => Dpo(ModelShape.Gpt2, steps: 1, pairs: 2, prompt: 32, shortest: 64, longest: 64)),
        new("dpo-step-3to1", WorkloadKind.Speed, () => Dpo(ModelShape.Small, steps: 2, pairs: 8, prompt: 192, shortest: 256, longest: 256)),
        new("dpo-step-3to1-50k", WorkloadKind.Speed, () => Dpo(ModelShape.LargeVocabulary, steps: 1, pairs: 8, prompt: 192, shortest: 256, longest: 256)),
        new("dpo-memory-vs-plain", WorkloadKind.Memory, () => Dpo(ModelShape.LargeVocabulary, steps: 1, pairs: 8, prompt: 192, shortest: 256, longest: 256)),
        new("ppo-round-vs-plain", WorkloadKind.Speed, Ppo),
        new("score-ragged-vs-fixed", WorkloadKind.Speed, () => new RewardScoringContest(ModelShape.Small, count: 256, median: 100, longest: 512)),
        new("checkpointing-memory", WorkloadKind.Memory, Checkpointing),
        new("checkpointing-step", WorkloadKind.Speed, Checkpointing),
        new("tokenize-gpt2", WorkloadKind.Text, () => new TokenizeContest()),
        Estimate("estimate-weights-gpt2", new("gpt2", "sft", Layers: 6, Hidden: 1024, Vocabulary: 8192, Rows: 4, Length: 128)),
        Estimate("estimate-weights-llama", new("llama", "dpo", Layers: 6, Hidden: 1024, Vocabulary: 8192, Rows: 4, Length: 128)),
        Estimate("estimate-sft-gpt2", new("gpt2", "sft", Layers: 4, Hidden: 128, Vocabulary: 2048, Rows: 128, Length: 128)),
        Estimate("estimate-sft-gpt_neox", new("gpt_neox", "sft", Layers: 3, Hidden: 256, Vocabulary: 2048, Rows: 64, Length: 128)),
        Estimate("estimate-sft-qwen2", new("qwen2", "sft", Layers: 3, Hidden: 256, Vocabulary: 2048, Rows: 64, Length: 160)),
        Estimate("estimate-sft-checkpointed", new("llama", "sft", Layers: 10, Hidden: 192, Vocabulary: 2048, Rows: 96, Length: 128) { IsCheckpointed = true }),
        Estimate("estimate-lora", new("llama", "sft", Layers: 4, Hidden: 128, Vocabulary: 2048, Rows: 128, Length: 128) { Rank = 8 }),
        Estimate("estimate-lora-qwen2", new("qwen2", "sft", Layers: 3, Hidden: 256, Vocabulary: 2048, Rows: 64, Length: 160) { Rank = 16 }),
        Estimate("estimate-dpo", new("llama", "dpo", Layers: 3, Hidden: 256, Vocabulary: 2048, Rows: 64, Length: 128)),
        Estimate("estimate-reward-model", new("llama", "reward-model", Layers: 3, Hidden: 256, Vocabulary: 2048, Rows: 64, Length: 128)),
        Estimate("estimate-reward-deberta", new("deberta-v2", "reward-model", Layers: 4, Hidden: 192, Vocabulary: 2048, Rows: 96, Length: 128)),
        Estimate("estimate-ilql", new("gpt2", "ilql", Layers: 2, Hidden: 256, Vocabulary: 16_384, Rows: 32, Length: 128)),
        Estimate("estimate-vocabulary", new("gpt2", "sft", Layers: 2, Hidden: 512, Vocabulary: 50_257, Rows: 16, Length: 128)),
    ];

    /// <summary>Finds workloads by name.</summary>
    /// <param name="names">Names, or <see cref="AllName"/>.</param>
    /// <returns>Each of them once, in the order given.</returns>
    /// <exception cref="InputException">A name is unknown, or there is none.</exception>
    public static IReadOnlyList<Workload> Find(IReadOnlyList<string> names)
    {
        var allowed = All.Select(workload => workload.Name).Append(AllName).ToList();
        if (names.Count == 0)
        {
            throw new InputException($"Name at least one workload. {NearestName.Hint(string.Empty, allowed)}");
        }
        if (names.FirstOrDefault(name => !allowed.Contains(name)) is { } unknown)
        {
            throw new InputException($"There is no workload '{unknown}'. {NearestName.Hint(unknown, allowed)}");
        }
        return [.. names.SelectMany(name => name == AllName ? All : All.Where(workload => workload.Name == name)).Distinct()];
    }

    // More steps than one: a single draw of lengths would decide the result.
    private static IlqlContest Ragged() => Ilql(ModelShape.Small, steps: 4, rows: 8, shortest: 32, longest: 128);

    private static Workload Estimate(string name, EstimateSettings settings) => new(name, WorkloadKind.Estimate, () => new EstimateContest(settings));

    private static CheckpointingContest Checkpointing() => new(
        ModelShape.Deep, RandomText.Dialogues(count: 8, promptLength: 32, shortest: 256, longest: 256, ModelShape.Deep.Vocabulary));

    private static IlqlContest Ilql(ModelShape shape, int steps, int rows, int shortest, int longest) =>
        new(shape, RandomText.Dialogues(steps * rows, promptLength: 32, shortest, longest, shape.Vocabulary), rows);

    private static DpoContest Dpo(ModelShape shape, int steps, int pairs, int prompt, int shortest, int longest) =>
        new(shape, RandomText.Pairs(steps * pairs, prompt, shortest, longest, shape.Vocabulary), pairs);

    private static PpoContest Ppo() => new(new()
    {
        Shape = ModelShape.Small,
        Prompts = 16,
        SamplesPerPrompt = 4,
        ShortestPrompt = 32,
        LongestPrompt = 160,
        MeanSample = 64,
        LongestSample = 128,
        RowsAtATime = 64,
        RowsPerStep = 16,
    });

    private static RaggedGenerationContest Ragged512(int? promptLength) => new(new()
    {
        Shape = ModelShape.Small,
        Prompts = 64,
        PromptLength = promptLength,
        SamplesPerPrompt = 8,
        Shortest = 20,
        Longest = 200,
        BatchSize = 64,
    });

    private static GenerationSettings Continue(ModelShape shape, int prompts, int newTokens, int topK) =>
        new() { Shape = shape, Prompts = prompts, PromptLength = 32, NewTokens = newTokens, TopK = topK };

    private static Workload Archive(string name, Func<IContest> create) => new(name, WorkloadKind.Speed, create, "solutions");

    private static Workload Generation(string name, GenerationSettings settings) =>
        new(name, WorkloadKind.Speed, () => new GenerationContest(settings));
}
