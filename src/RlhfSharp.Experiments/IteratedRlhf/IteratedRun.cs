using System.Runtime.InteropServices;
using RlhfSharp.Experiments.Dialogues;
using RlhfSharp.Experiments.Endpoints;
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
/// <param name="recipe">The row's recipe, checked.</param>
/// <param name="plan">Its stages.</param>
/// <param name="prompts">Its prompts.</param>
/// <param name="folders">Where stages lie.</param>
/// <param name="seed">The seed.</param>
/// <param name="device">Where to compute.</param>
/// <param name="time">For timings.</param>
internal sealed class IteratedRun(IterationRecipe recipe, IterationPlan plan, PromptSet prompts, StageFolders folders, long seed, Device device, TimeProvider time)
{
    private const int SamplesPerPrompt = 2;
    private const int HeldOutShare = 10;   // one preference in so many measures the proxy
    private const int FewestPreferences = 2;

    private readonly Tokenizer _tokenizer = prompts.Tokenizer;

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
        var chosen = stage.Policy is { BestOf: not null } best ? best : null;
        using var policy = LoadPolicy(chosen is null ? stage.Policy : null);
        Func<RewardPart>[] rewards = chosen is null ? [Gold] : [Gold, () => Proxies(chosen)];
        Phase Sample() => new SamplingPhase(
            run,
            Sampler(policy, ReferencePolicy.Fixed(LoadPolicy(null)), LabelSeed(stage), rewards),
            stage.Batch < 0 ? prompts.HeldOut : Batch(stage.Batch),
            SamplesPerPrompt * (chosen?.BestOf ?? 1),
            Sampling,
            [observer],
            chosen is null ? null : drawn => BestAnswers.Choose(drawn, chosen.BestOf!.Value, Judge));
        new PhaseRunner(run, [Sample]).Run(cancellationToken);
    }

    private void Train(ProxyStage stage, RunDirectory run, IRunObserver observer, CancellationToken cancellationToken)
    {
        var options = recipe.Proxy;
        var own = Seed($"proxy/{stage.Member}");
        var tokenizer = ProxyStart.Tokenizer(recipe);
        using var model = stage.From is { } from
            ? Checkpoint.LoadClassifier(folders.Checkpoint(from), ScalarType.Float32, device)
            : ProxyStart.Create(recipe, tokenizer, own, device);
        model.Config.File.Json[RewardFormat.ConfigKey] = model.Config.IsEncoder ? RewardFormat.Pair : prompts.Format.Name;
        var pairs = RewardPairReader.Encode(
            Preferences(stage.Labels), RewardFormat.Choose(model.Config, tokenizer, null), model.Config.MaxPositions, OnTooLong.TruncateLeft, new BadRows(OnBadRow.Skip));
        if (pairs.Count < FewestPreferences)
        {
            throw TooFew(pairs.Count);
        }
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
        if (stage.BestOf is { } samples)
        {
            Measure(stage, samples, run, observer, cancellationToken);
            return;
        }
        var own = Seed($"policy/{stage.Iteration}");
        using var model = (LanguageModel)MemberModel.Create(AsTraining(recipe, PolicyPath(stage, run)), _tokenizer, own, device);
        using var sampler = Sampler(model, FromStart(stage, model), EvaluationSeed, Gold, () => Proxies(stage));
        var evaluation = new IterationEvaluation(sampler, prompts.HeldOut, Measures(), Sampling);
        var task = Task(stage, model, run, own);
        using var ofTask = task as IDisposable;
        new PhaseRunner(run, [() => new TrainingPhase(run, task, recipe.Loop, recipe.Optimizer, own, _tokenizer, evaluation, [observer], time)]).Run(cancellationToken);
    }

    // Nothing is trained: the start answers, and proxies choose.
    private void Measure(PolicyStage stage, int samples, RunDirectory run, IRunObserver observer, CancellationToken cancellationToken)
    {
        using var policy = LoadPolicy(null);
        Phase Sample() => new SamplingPhase(
            run, Sampler(policy, ReferencePolicy.Of(policy), EvaluationSeed, Gold, () => Proxies(stage)), prompts.HeldOut, SamplesPerPrompt * samples, Sampling, [observer]);
        new PhaseRunner(run, [Sample, () => new BestOfNPhase(run, samples, prompts.HeldOut.Count, Judge, Measures(), [observer])]).Run(cancellationToken);
    }

    private long LabelSeed(LabelStage stage) => Seed($"labels/{stage.Batch}");

    // The random numbers of the start's answers that scores are standardised on: before the first step both means are exactly 0, and all that moves afterwards is the policy.
    private long EvaluationSeed => LabelSeed(plan.HeldOut);

    private IterationMeasures Measures() => new(prompts.Groups, folders.Rollouts(plan.HeldOut), GoldScale());

    // By what the best of several answers is chosen.
    private string Judge => recipe.Reward == PolicyReward.Gold ? GoldLabels.Gold : IterationMeasures.Proxy;

    private ITrainingTask Task(PolicyStage stage, LanguageModel model, RunDirectory run, long own)
    {
        if (recipe.Objective is DpoOptions dpo)
        {
            var encoder = new DialogueTokenizer(
                _tokenizer,
                prompts.Format,
                new DialogueTokenizerOptions { MaxTokens = model.Config.MaxPositions, AddBos = _tokenizer.BosId is not null },
                new BadRows(OnBadRow.Skip));
            var pairs = encoder.TokenizePairs(Preferences(stage.Proxies[^1][0].Labels));
            if (stage.Mode != PolicyStart.Last)
            {
                return new DpoTask(model, pairs, dpo);
            }
            using var start = LoadPolicy(null);   // as for the other objectives: the anchor does not move with the policy
            return new DpoTask(model, pairs, PairLogProbs.Read(start, pairs, CancellationToken.None), dpo);
        }
        var sampler = Sampler(
            model,
            stage.Mode == PolicyStart.Last ? ReferencePolicy.Fixed(LoadPolicy(null)) : ReferencePolicy.Of(model),
            own,
            recipe.Reward == PolicyReward.Gold ? StandardGold : () => Proxies(stage));
        try
        {
            var parts = new OnPolicyRun(model, prompts.Training, sampler, new RolloutLog(run.Rollouts), new GrowLog(run.Growing), recipe.Loop.RowsPerStep, own);
            return MemberTask.OnPolicy((OnPolicyOptions)recipe.Objective, parts, []);
        }
        catch
        {
            sampler.Dispose();
            throw;
        }
    }

    // Takes ownership of the reference, whatever happens.
    private RolloutSampler Sampler(LanguageModel model, ReferencePolicy reference, long own, params Func<RewardPart>[] rewards)
    {
        var parts = new List<RewardPart>();
        try
        {
            foreach (var make in rewards)
            {
                parts.Add(make());
            }
            return new RolloutSampler(model, reference, _tokenizer, new WeightedReward(parts), prompts.Format.StopStrings, own);
        }
        catch
        {
            parts.ForEach(part => part.Reward.Dispose());
            reference.Dispose();
            throw;
        }
    }

    // How far a policy has gone is always measured from the start of the whole experiment.
    private ReferencePolicy FromStart(PolicyStage stage, LanguageModel model) =>
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

    private RewardPart Gold() => Part(GoldLabels.Gold, LoadGold(folders.GoldScores));

    // As a reward gold has the proxies' scale, so that a penalty for leaving the start weighs as much beside it.
    private RewardPart StandardGold() => Part(GoldLabels.Gold, new StandardizedScorer(LoadGold(folders.GoldRewards), GoldScale().Mean, GoldScale().Deviation));

    // Two of them may be open at a time, the judge's and the reward's: each keeps the scores of a server in a file of its own.
    private IScorer LoadGold(string records) => recipe.Gold.Endpoint is { } endpoint
        ? new RewardEndpointScorer(endpoint, recipe.Gold.Format!, records, time)
        : RewardModelScorer.Load(CheckpointPath.Resolve(recipe.Gold.Path!), recipe.Gold.Format, label: null, recipe.Gold.Type.Resolve(device), device);

    private static RewardPart Part(string name, IScorer scorer) => new(name, 1, IsStandardized: false, Clip: null, new ScorerReward([scorer], EnsembleCombination.Mean, 0));

    private RewardPart Proxies(PolicyStage stage)
    {
        IReadOnlyList<IReadOnlyList<string>> checkpoints = [.. stage.Proxies.Select(members => (IReadOnlyList<string>)[.. members.Select(folders.Checkpoint)])];
        var scorer = ProxyReward.Load(checkpoints, recipe.Proxy, folders.Rollouts(plan.HeldOut), prompts, device);
        return Part(IterationMeasures.Proxy, scorer);
    }

    private Scale GoldScale() => Scale.Of([.. folders.Rollouts(plan.HeldOut).Select(rollout => rollout.Rewards[GoldLabels.Gold])]);

    private List<PreferenceRow> Preferences(IReadOnlyList<IReadOnlyList<LabelStage>> labels)
    {
        var deviation = GoldScale().Deviation;
        var byIteration = labels.Select(batches =>
            batches.SelectMany(batch => GoldLabels.Preferences(folders.Rollouts(batch), prompts.ById, recipe.Labels, deviation, Seed($"noise/{batch.Batch}"))).ToList()).ToList();
        if (recipe.Proxy.Data == DataCombination.Sample && byIteration.Count > 1)
        {
            foreach (var (iteration, rows) in byIteration.Index())
            {
                new NamedRandom(seed, "sample-labels", byIteration.Count * 1000L + iteration).Shuffle(CollectionsMarshal.AsSpan(rows));
                rows.RemoveRange(rows.Count / byIteration.Count, rows.Count - rows.Count / byIteration.Count);
            }
        }
        return byIteration.Sum(rows => rows.Count) is var count && count < FewestPreferences ? throw TooFew(count) : [.. byIteration.SelectMany(rows => rows)];
    }

    private static InputException TooFew(int count) => new(
        $"The labels hold {count} preference(s); at least {FewestPreferences} are needed. Gold scored all other pairs of answers alike, or both were the same text: the policy may have collapsed.");

    // Batches come one after the other from one order of all prompts; where they run out, the order begins again.
    private List<RolloutPrompt> Batch(int batch)
    {
        var order = Enumerable.Range(0, prompts.Training.Count).ToArray();
        new NamedRandom(seed, "label-prompts").Shuffle(order.AsSpan());
        return [.. Enumerable.Range(0, recipe.Labels.PerBatch).Select(i => prompts.Training[order[(int)(((long)batch * recipe.Labels.PerBatch + i) % order.Length)]])];
    }

    private LanguageModel LoadPolicy(PolicyStage? stage) => Load(stage is null ? StartPath(recipe) : folders.Checkpoint(stage));

    private LanguageModel Load(string path) => Checkpoint.Load(path, recipe.Model.Type.Resolve(device), device);

    private long Seed(string purpose) => (long)(new NamedRandom(seed, purpose).NextUInt64() >> 1);

    internal static string StartPath(IterationRecipe recipe) => CheckpointPath.Resolve(
        recipe.Model.Path ?? throw new InputException("rlhf iterate needs model.path: the policy starts from a checkpoint."));

    /// <summary>Writes a row as a recipe of <c>rlhf train</c> that starts from a checkpoint.</summary>
    internal static TrainingRecipe AsTraining(IterationRecipe recipe, string path) => new()
    {
        Name = recipe.Name,
        Model = recipe.Model with { Path = path },
        Data = recipe.Data,
        Objective = recipe.Objective,
        Evaluation = new LossEvaluationOptions(),
    };
}
