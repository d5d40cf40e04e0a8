using System.Runtime.InteropServices;
using RlhfSharp.Experiments.Dialogues;
using RlhfSharp.Experiments.Recipes;
using RlhfSharp.Experiments.Runs;
using RlhfSharp.Models;
using RlhfSharp.Models.Checkpoints;
using RlhfSharp.Models.Runtime;
using RlhfSharp.Models.Tokenization;
using RlhfSharp.Training.Data;
using RlhfSharp.Training.Loop;
using RlhfSharp.Training.Objectives;
using RlhfSharp.Training.Rewards;
using RlhfSharp.Training.Rollouts;
using RlhfSharp.Training.Runs;
using static TorchSharp.torch;

namespace RlhfSharp.Experiments.IteratedRlhf;

/// <summary>Computes the stages of one row with one seed, each in a folder of its own. A stage that is done is not computed again, whichever row needed it first.</summary>
/// <param name="recipe">The row's recipe.</param>
/// <param name="plan">Its stages.</param>
/// <param name="folders">Where they lie.</param>
/// <param name="seed">The seed.</param>
/// <param name="device">Where to compute.</param>
/// <param name="time">For timings.</param>
internal sealed class IteratedRun(IterationRecipe recipe, IterationPlan plan, StageFolders folders, long seed, Device device, TimeProvider time)
{
    private const int SamplesPerPrompt = 2;
    private const int HeldOutShare = 10;   // one preference in so many measures the proxy

    private readonly Tokenizer _tokenizer = TokenizerLoader.Load(StartPath(recipe));
    private PromptSet? _prompts;

    private PromptSet Prompts => _prompts ??= PromptSet.Read(recipe.Data, _tokenizer);

    private IReadOnlyList<RolloutPrompt> HeldOut => Prompts.HeldOut.Count >= recipe.Evaluation.Prompts
        ? [.. Prompts.HeldOut.Take(recipe.Evaluation.Prompts)]
        : throw new InputException($"evaluation.prompts is {recipe.Evaluation.Prompts}, and {Prompts.HeldOut.Count} prompts are held out.");

    private RlooOptions Sampling => new() { MaxNewTokens = recipe.Labels.MaxNewTokens, SamplesPerPrompt = SamplesPerPrompt };

    /// <summary>Computes a stage, or goes on with it.</summary>
    /// <param name="stage">The stage; those it depends on are done.</param>
    /// <param name="observer">Watches.</param>
    /// <param name="cancellationToken">On cancellation what was done is committed.</param>
    public void Run(Stage stage, IRunObserver observer, CancellationToken cancellationToken)
    {
        using var scope = NewDisposeScope();
        using var run = RunDirectory.Open(folders.Of(stage));
        switch (stage)
        {
            case LabelStage labels:
                Label(labels, run, observer, cancellationToken);
                break;
            case ProxyStage proxy:
                Train(proxy, run, observer, cancellationToken);
                break;
            case PolicyStage policy:
                Improve(policy, run, observer, cancellationToken);
                break;
        }
    }

    private void Label(LabelStage stage, RunDirectory run, IRunObserver observer, CancellationToken cancellationToken)
    {
        using var policy = LoadPolicy(stage.Policy);
        Phase Sample() => new SamplingPhase(
            run,
            new RolloutSampler(policy, ReferencePolicy.Fixed(LoadPolicy(null)), _tokenizer, new WeightedReward([Gold()]), Prompts.Format.StopStrings, Seed($"labels/{stage.Batch}")),
            stage.Batch < 0 ? HeldOut : Batch(stage.Batch),
            SamplesPerPrompt,
            Sampling,
            [observer]);
        new PhaseRunner(run, [Sample]).Run(cancellationToken);
    }

    private void Train(ProxyStage stage, RunDirectory run, IRunObserver observer, CancellationToken cancellationToken)
    {
        var options = recipe.Proxy;
        var own = Seed($"proxy/{stage.Member}");
        using var model = stage.From is { } from ? Checkpoint.LoadClassifier(folders.Checkpoint(from), ScalarType.Float32, device)
            : Checkpoint.StartClassifier(options.Path is { } path ? CheckpointPath.Resolve(path) : StartPath(recipe), labelCount: 1, own, ScalarType.Float32, device);
        var tokenizer = options.Path is { } other ? TokenizerLoader.Load(CheckpointPath.Resolve(other)) : _tokenizer;
        model.Config.File.Json[RewardFormat.ConfigKey] = Prompts.Format.Name;
        var pairs = RewardPairReader.Encode(
            Preferences(stage.Labels), RewardFormat.Choose(model.Config, tokenizer, null), model.Config.MaxPositions, OnTooLong.TruncateLeft, new BadRows(OnBadRow.Skip));
        List<RewardPair> heldOut = [.. pairs.Where((_, index) => index % HeldOutShare == 0)];
        List<RewardPair> training = [.. pairs.Where((_, index) => index % HeldOutShare != 0)];
        Phase Training() => new TrainingPhase(
            run,
            new RewardModelTask(model, training, new RewardModelOptions { CenterRewardsCoefficient = options.CenterRewardsCoefficient }),
            new LoopOptions { Epochs = options.Epochs, MaxSteps = int.MaxValue, RowsPerStep = options.PairsPerStep, SaveEvery = 0 },
            options.Optimizer,
            own,
            tokenizer,
            new RewardModelEvaluation(model, heldOut, SimpleJudges.None, new PreferenceEvaluationOptions()),
            [observer],
            time);
        new PhaseRunner(run, [Training]).Run(cancellationToken);
    }

    private void Improve(PolicyStage stage, RunDirectory run, IRunObserver observer, CancellationToken cancellationToken)
    {
        var own = Seed($"policy/{stage.Iteration}");
        using var model = (LanguageModel)MemberModel.Create(AsTraining(PolicyPath(stage, run)), _tokenizer, own, device);
        using var sampler = new RolloutSampler(
            model, Reference(stage, model), _tokenizer, new WeightedReward([Gold(), Proxies(stage)]), Prompts.Format.StopStrings, Seed("evaluation"));
        var evaluation = new IterationEvaluation(sampler, HeldOut, folders.Rollouts(plan.HeldOut), GoldScale(), Sampling);
        var task = Task(stage, model, run, own);
        using var ofTask = task as IDisposable;
        new PhaseRunner(run, [() => new TrainingPhase(run, task, recipe.Loop, recipe.Optimizer, own, _tokenizer, evaluation, [observer], time)]).Run(cancellationToken);
    }

    private ITrainingTask Task(PolicyStage stage, LanguageModel model, RunDirectory run, long own)
    {
        if (recipe.Objective is DpoOptions dpo)
        {
            var encoder = new DialogueTokenizer(
                _tokenizer,
                Prompts.Format,
                new DialogueTokenizerOptions { MaxTokens = model.Config.MaxPositions, AddBos = _tokenizer.BosId is not null },
                new BadRows(OnBadRow.Skip));
            return new DpoTask(model, encoder.TokenizePairs(Preferences(stage.Proxies[^1][0].Labels)), dpo);
        }
        if (recipe.Objective is not OnPolicyOptions onPolicy)
        {
            throw new InputException($"objective: rlhf iterate improves a policy by ppo, rloo, grpo, rest or dpo, not by {MethodName.Of(recipe.Objective)}.");
        }
        var sampler = new RolloutSampler(
            model,
            stage.Mode == PolicyStart.Last ? ReferencePolicy.Fixed(LoadPolicy(null)) : ReferencePolicy.Of(model),
            _tokenizer,
            new WeightedReward([recipe.Reward == PolicyReward.Gold ? StandardGold() : Proxies(stage)]),
            Prompts.Format.StopStrings,
            own);
        return MemberTask.OnPolicy(onPolicy, new OnPolicyRun(model, Prompts.Training, sampler, new RolloutLog(run.Rollouts), recipe.Loop.RowsPerStep, own), []);
    }

    // How far a policy has gone is always measured from the start of the whole experiment.
    private ReferencePolicy Reference(PolicyStage stage, LanguageModel model) =>
        stage.Mode == PolicyStart.Supervised ? ReferencePolicy.Of(model) : ReferencePolicy.Fixed(LoadPolicy(null));

    private string PolicyPath(PolicyStage stage, RunDirectory run)
    {
        if (stage.Mode == PolicyStart.Supervised)
        {
            return StartPath(recipe);
        }
        if (stage.Mode == PolicyStart.Last)
        {
            return folders.Checkpoint(stage.Previous!);
        }
        var start = folders.Start(stage);
        if (!Directory.Exists(start))
        {
            using var model = stage.Previous!.Mode == PolicyStart.Interpolated ? Load(folders.Start(stage.Previous)) : LoadPolicy(null);
            using var last = LoadPolicy(stage.Previous);
            WeightAverage.MoveTowards(model, last, recipe.Eta);
            RunDirectory.ReplaceFolder(run.File("start"), folder =>
            {
                Checkpoint.Save(model, folder);
                _tokenizer.Save(folder);
            });
        }
        return start;
    }

    private RewardPart Gold() => Part(GoldLabels.Gold, LoadGold());

    // As a reward gold has the proxies' scale, so that a penalty for leaving the start weighs as much beside it.
    private RewardPart StandardGold() => Part(GoldLabels.Gold, new StandardizedScorer(LoadGold(), GoldScale().Mean, GoldScale().Deviation));

    private RewardModelScorer LoadGold() =>
        RewardModelScorer.Load(CheckpointPath.Resolve(recipe.Gold.Path), recipe.Gold.Format, label: null, ScalarType.Float32, device);

    private static RewardPart Part(string name, IScorer scorer) => new(name, 1, IsStandardized: false, Clip: null, new ScorerReward([scorer], EnsembleCombination.Mean, 0));

    private RewardPart Proxies(PolicyStage stage)
    {
        IReadOnlyList<IReadOnlyList<string>> checkpoints = [.. stage.Proxies.Select(members => (IReadOnlyList<string>)[.. members.Select(folders.Checkpoint)])];
        var scorer = ProxyReward.Load(checkpoints, recipe.Proxy, folders.Rollouts(plan.Labels[0][0]), Prompts, device);
        return Part(IterationEvaluation.Proxy, scorer);
    }

    private Scale GoldScale() => Scale.Of([.. folders.Rollouts(plan.Labels[0][0]).Select(rollout => rollout.Rewards[GoldLabels.Gold])]);

    private List<PreferenceRow> Preferences(IReadOnlyList<IReadOnlyList<LabelStage>> labels)
    {
        var deviation = GoldScale().Deviation;
        var byIteration = labels.Select(batches =>
            batches.SelectMany(batch => GoldLabels.Preferences(folders.Rollouts(batch), Prompts.ById, recipe.Labels, deviation, Seed($"noise/{batch.Batch}"))).ToList()).ToList();
        if (recipe.Proxy.Data == DataCombination.Sample && byIteration.Count > 1)
        {
            foreach (var (iteration, rows) in byIteration.Index())
            {
                new NamedRandom(seed, "sample-labels", byIteration.Count * 1000L + iteration).Shuffle(CollectionsMarshal.AsSpan(rows));
                rows.RemoveRange(rows.Count / byIteration.Count, rows.Count - rows.Count / byIteration.Count);
            }
        }
        return [.. byIteration.SelectMany(rows => rows)];
    }

    // Batches come one after the other from one order of all prompts; where they run out, the order begins again.
    private List<RolloutPrompt> Batch(int batch)
    {
        var order = Enumerable.Range(0, Prompts.Training.Count).ToArray();
        new NamedRandom(seed, "label-prompts").Shuffle(order.AsSpan());
        if (recipe.Labels.PerBatch > order.Length)
        {
            throw new InputException($"labels.perBatch is {recipe.Labels.PerBatch}, and the data has {order.Length} prompts.");
        }
        return [.. Enumerable.Range(0, recipe.Labels.PerBatch).Select(i => Prompts.Training[order[(int)(((long)batch * recipe.Labels.PerBatch + i) % order.Length)]])];
    }

    private LanguageModel LoadPolicy(PolicyStage? stage) => Load(stage is null ? StartPath(recipe) : folders.Checkpoint(stage));

    private LanguageModel Load(string path) => Checkpoint.Load(path, recipe.Model.Type.Resolve(device), device);

    private long Seed(string purpose) => (long)(new NamedRandom(seed, purpose).NextUInt64() >> 1);

    private static string StartPath(IterationRecipe recipe) => CheckpointPath.Resolve(
        recipe.Model.Path ?? throw new InputException("rlhf iterate needs model.path: the policy starts from a checkpoint."));

    private TrainingRecipe AsTraining(string path) => new()
    {
        Name = recipe.Name,
        Model = recipe.Model with { Path = path },
        Data = recipe.Data,
        Objective = recipe.Objective,
        Evaluation = new LossEvaluationOptions(),
    };
}
