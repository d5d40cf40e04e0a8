using RlhfSharp.Benchmarks.Measuring;
using RlhfSharp.Models;
using RlhfSharp.Models.Adapters;
using RlhfSharp.Models.Architectures;
using RlhfSharp.Models.Checkpoints;
using RlhfSharp.Models.Heads;
using RlhfSharp.Training.Data;
using RlhfSharp.Training.Loop;
using RlhfSharp.Training.Objectives;
using static TorchSharp.torch;

namespace RlhfSharp.Benchmarks.Workloads;

/// <summary>Training steps whose memory is estimated before the first and measured. There is nothing to compare them with but the estimate.</summary>
internal sealed class EstimateContest : IContest
{
    private const int Steps = 2;   // the first makes gradients, the second meets them

    private readonly TransformerModel _model;
    private readonly TrainingLoop _loop;

    /// <summary>Initializes model, optimiser and data.</summary>
    /// <param name="settings">What is trained, and how.</param>
    public EstimateContest(EstimateSettings settings)
    {
        var config = ArchitectureRegistry.Read(new ConfigFile(settings.Json(), "the benchmark's model"));
        _model = settings.Objective == "reward-model"
            ? new SequenceClassifier(config, Draw(config.ClassifierParameters()))
            : new LanguageModel(config, Draw(config.Parameters()));
        if (settings.Rank > 0)
        {
            _model.Attach(LoraAdapter.Create(config, new LoraOptions { Rank = settings.Rank }, isClassifier: false, "base", seed: 0, ScalarType.Float32, CPU));
        }
        var dialogues = RandomText.Dialogues(settings.Rows, promptLength: 8, settings.Length, settings.Length, settings.Vocabulary);
        if (settings.Objective == "ilql")
        {
            _model.Add(IlqlHeads.Create(config.HiddenSize, config.VocabularySize, twoQs: true, seed: 0, ScalarType.Float32, CPU));
        }
        (ITrainingTask task, ObjectiveOptions objective) = (settings.Objective, _model) switch
        {
            ("ilql", LanguageModel language) => ((ITrainingTask)new IlqlTask(language, dialogues, new IlqlOptions()), (ObjectiveOptions)new IlqlOptions()),
            ("dpo", LanguageModel language) => (new DpoTask(language, Pairs(dialogues), Reference(settings.Rows / 2), new DpoOptions()), new DpoOptions()),
            (_, SequenceClassifier classifier) => (new RewardModelTask(classifier, RewardPairs(dialogues), new RewardModelOptions()), new RewardModelOptions()),
            _ => (new SupervisedFineTuningTask((LanguageModel)_model, dialogues), new SupervisedFineTuningOptions()),
        };
        var options = new LoopOptions { MaxSteps = int.MaxValue, RowsPerStep = settings.Rows, TokensPerMicroBatch = int.MaxValue, GradientCheckpointing = settings.IsCheckpointed };
        Estimate = MemoryEstimate.Of(_model, objective, options, task.RowLengths, longestPrompt: 0, seed: 0);
        Estimate.PrepareHeap();
        _loop = new TrainingLoop(task, options, new OptimizerOptions(), seed: 0);
        Tokens = settings.Rows * (long)settings.Length;
    }

    /// <summary>Gets what was estimated before training.</summary>
    public MemoryEstimate Estimate { get; }

    public long Tokens { get; }

    public double UsefulFlops => 0;

    public void Verify()
    {
    }

    public void RunOurs()
    {
        for (var step = 0; step < Steps; step++)
        {
            _loop.TakeStep();
        }
    }

    public void RunPlain() => throw new InvalidOperationException("There is no plain rendering of an estimate.");

    public IReadOnlyList<(string Part, double Seconds)> Profile(StepProfile profile) => [];

    public void Dispose()
    {
        _loop.Dispose();
        _model.Dispose();
    }

    // Not by name, as the library draws them: that takes longer than the steps.
    private static ParameterSet Draw(IEnumerable<ParameterSpec> specs)
    {
        var parameters = new ParameterSet();
        foreach (var spec in specs)
        {
            using var scope = NewDisposeScope();
            parameters.Add(spec.Name, ones(spec.Shape).uniform_(-0.02, 0.02));
        }
        return parameters;
    }

    private static List<TokenizedPair> Pairs(List<TokenizedDialogue> dialogues) => [.. dialogues.Chunk(2).Select(pair => new TokenizedPair(pair[0], pair[1]))];

    private static List<RewardPair> RewardPairs(List<TokenizedDialogue> dialogues) =>
        [.. dialogues.Chunk(2).Select(pair => new RewardPair(pair[0].Source, pair[0].Id, pair[0].Tokens, pair[1].Tokens))];

    private static PairLogProbs Reference(int pairs) => new(new float[pairs], new float[pairs]);
}
