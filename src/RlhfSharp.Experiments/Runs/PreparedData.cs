using RlhfSharp.Experiments.Recipes;
using RlhfSharp.Models;
using RlhfSharp.Models.Architectures;
using RlhfSharp.Models.Generation;
using RlhfSharp.Models.Tokenization;
using RlhfSharp.Training.Data;
using RlhfSharp.Training.Objectives;
using RlhfSharp.Training.Rollouts;
using RlhfSharp.Training.Runs;
using static TorchSharp.torch;

namespace RlhfSharp.Experiments.Runs;

/// <summary>Data ready for training: rows as tokens, and how to measure a model on what was held out.</summary>
internal sealed record PreparedData
{
    /// <summary>Gets the rows to train on; none for a reward model.</summary>
    public IReadOnlyList<TokenizedDialogue> Train { get; init; } = [];

    /// <summary>Gets the rows of <see cref="Train"/>, in their order, as prompts with answers, for rewards that judge them; none where the data cannot be judged.</summary>
    public IReadOnlyList<(RolloutPrompt Prompt, GeneratedSample Sample)> Answers { get; init; } = [];

    /// <summary>Gets the preferences a reward model trains on; none for other objectives.</summary>
    public IReadOnlyList<RewardPair> TrainPairs { get; init; } = [];

    /// <summary>Gets the preferences a policy trains on by DPO; none for other objectives.</summary>
    public IReadOnlyList<TokenizedPair> TrainPreferences { get; init; } = [];

    /// <summary>Gets the prompts from which on-policy objectives sample.</summary>
    public IReadOnlyList<RolloutPrompt> Prompts { get; init; } = [];

    /// <summary>Gets the data's own good answers, which ReST may imitate beside its samples.</summary>
    public IReadOnlyList<TokenizedDialogue> Original { get; init; } = [];

    /// <summary>Gets the strings at which samples end.</summary>
    public IReadOnlyList<string> StopStrings { get; init; } = [];

    /// <summary>Gets the held-out fold; null where the data has none.</summary>
    public int? Fold { get; init; }

    /// <summary>Gets what makes a reward of the data's own kind; null for parts of other kinds.</summary>
    public Func<RewardPartOptions, Device, IRolloutReward?> TaskReward { get; init; } = (_, _) => null;

    /// <summary>Gets the number of tokens of each row to train on; of on-policy objectives only a run knows it.</summary>
    /// <param name="config">The model's configuration.</param>
    public IReadOnlyList<int> RowLengths(ModelConfig config) =>
        TrainPreferences.Count > 0 ? [.. TrainPreferences.Select(pair => BranchedBatch.Length(config, pair.Sides))] :
        TrainPairs.Count > 0 ? [.. TrainPairs.Select(pair => pair.Chosen.Count + pair.Rejected.Count)] : [.. Train.Select(row => row.Tokens.Length)];

    /// <summary>Gets what makes the evaluation of the best of several samples of a model, with a seed; null where the data knows none.</summary>
    public Func<LanguageModel, Tokenizer, long, BestAnswer, IEvaluation>? BestOfN { get; init; }

    /// <summary>Gets what makes the evaluation of a model with a seed.</summary>
    public required Func<TransformerModel, Tokenizer, long, IEvaluation> Evaluation { get; init; }

    /// <summary>Gets facts about the data worth a line in the report.</summary>
    public IReadOnlyList<DataFact> Facts { get; init; } = [];
}
