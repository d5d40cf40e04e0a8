using RlhfSharp.Experiments.PinkElephants;
using RlhfSharp.Models;
using RlhfSharp.Models.Tokenization;
using RlhfSharp.Training.Objectives;
using RlhfSharp.Training.Runs;
using static TorchSharp.torch;

namespace RlhfSharp.Experiments.Runs;

/// <summary>Trains what a recipe asks for: every variant, seed and fold, one after the other or several at a time. What is done already is not done again.</summary>
/// <param name="members">The runs of the experiment.</param>
/// <param name="directory">The experiment's folder.</param>
/// <param name="device">Where to compute.</param>
/// <param name="console">Where to show it.</param>
/// <param name="time">For timings, which nothing else depends on.</param>
public sealed class TrainingExperiment(
    IReadOnlyList<ExperimentMember> members, string directory, Device device, IExperimentConsole console, TimeProvider time)
{
    /// <summary>Gets the runs of the experiment.</summary>
    public IReadOnlyList<ExperimentMember> Members { get; } = members;

    // What several runs read and one has computed.
    private ContentStore Cache { get; } = new(Path.Combine(directory, "cache"));

    /// <summary>Runs what is left to do.</summary>
    /// <param name="workers">How many runs go on at a time, from 1 up.</param>
    /// <param name="threads">How many threads they compute with in all; each run has its equal share, at least one.</param>
    /// <param name="processes">Where they run if there are several workers.</param>
    /// <param name="cancellationToken">On cancellation every run that is going on writes a checkpoint first.</param>
    /// <returns>Facts about the data, for the report.</returns>
    /// <exception cref="OperationCanceledException">Cancelled; <c>rlhf train --resume</c> goes on.</exception>
    public IReadOnlyList<DataFact> Run(int workers, int threads, IMemberProcesses processes, CancellationToken cancellationToken)
    {
        var left = Enumerable.Range(0, Members.Count).Where(index => RunProgress.Read(Members[index].Directory) is not { Phase: > 0 }).ToList();
        // By all runs, not by what is left: a sum is rounded as before when the experiment is resumed.
        workers = Math.Min(workers, Members.Count);
        set_num_threads(Math.Max(1, threads));
        BeginAll(cancellationToken);
        var threadsEach = Math.Max(1, threads / workers);
        set_num_threads(threadsEach);
        IReadOnlyList<DataFact>? facts = null;   // those of the last run; its data are not read once more if they were read here
        WorkerPool.Run(left, Math.Clamp(workers, 1, Math.Max(1, left.Count)), Run, cancellationToken);
        return facts ?? Prepare(Members[^1]).Data.Facts;

        void Run(int index, CancellationToken stop)
        {
            var observer = console.Begin(Members[index].Title, index, Members.Count);
            if (RunMember(index, null, workers == 1, threadsEach, processes, observer, stop) is { } own)
            {
                facts = index == Members.Count - 1 ? own : null;
            }
            console.End(index);
        }
    }

    /// <summary>Does what is done once for all runs, before the first begins: removes what killed ones left in the cache, and draws what they learn from where that is the start's own answers.</summary>
    /// <param name="cancellationToken">Stops; nothing is kept then.</param>
    internal void BeginAll(CancellationToken cancellationToken)
    {
        Cache.RemoveLeftovers();
        SampledAnswers.Ensure([.. Members.Select(member => member.Recipe)], directory, device, console.Say, time, cancellationToken);
    }

    /// <summary>Runs one run, here or in a process of its own.</summary>
    /// <param name="index">Which one.</param>
    /// <param name="stopAfter">The step after which it pauses; null runs it to its end.</param>
    /// <param name="isHere">Whether it runs in this thread, with the threads that were set before.</param>
    /// <param name="threads">How many threads a process computes with.</param>
    /// <param name="processes">Where it runs if not here.</param>
    /// <param name="observer">Watches.</param>
    /// <param name="cancellationToken">On cancellation a checkpoint is written first.</param>
    /// <returns>Facts about its data; null where another process has read them.</returns>
    internal IReadOnlyList<DataFact>? RunMember(
        int index, int? stopAfter, bool isHere, int threads, IMemberProcesses processes, IRunObserver observer, CancellationToken cancellationToken)
    {
        if (isHere)
        {
            return RunMember(index, stopAfter, observer, cancellationToken);
        }
        processes.Run(directory, index, stopAfter, threads, device.ToString(), observer, cancellationToken);
        return null;
    }

    /// <summary>Runs one run in this thread.</summary>
    /// <param name="index">Which one.</param>
    /// <param name="stopAfter">The step after which it pauses; null runs it to its end.</param>
    /// <param name="observer">Watches.</param>
    /// <param name="cancellationToken">On cancellation a checkpoint is written first.</param>
    /// <returns>Facts about its data.</returns>
    public IReadOnlyList<DataFact> RunMember(int index, int? stopAfter, IRunObserver observer, CancellationToken cancellationToken)
    {
        using var scope = NewDisposeScope();
        var member = Members[index];
        var (tokenizer, data) = Prepare(member);
        RunMember(member, data, tokenizer, stopAfter, observer, cancellationToken);
        return data.Facts;
    }

    private (Tokenizer Tokenizer, PreparedData Data) Prepare(ExperimentMember member)
    {
        var tokenizer = MemberData.Tokenizer(member.Recipe);
        var config = MemberModel.ReadConfig(member.Recipe.Model, tokenizer);
        tokenizer.RequireFits(config.VocabularySize, member.Recipe.Model.Path ?? "model.new");
        return (tokenizer, MemberData.Prepare(member.Recipe, tokenizer, config, member.Fold, directory));
    }

    private void RunMember(ExperimentMember member, PreparedData data, Tokenizer tokenizer, int? stopAfter, IRunObserver observer, CancellationToken cancellationToken)
    {
        using var run = RunDirectory.Open(member.Directory);
        using var model = MemberModel.Create(member.Recipe, tokenizer, member.Seed, device);
        IReadOnlyList<IRunObserver> observers = [observer, new TensorBoardObserver(run.File("tensorboard"))];
        if (member.Recipe.Objective is BestOfNOptions options)
        {
            EvaluateBest(member, options, data, (LanguageModel)model, tokenizer, run, observers, cancellationToken);
            return;
        }
        var task = MemberTask.Create(member.Recipe, model, data, tokenizer, run, Cache, member.Seed);
        using var ofTask = task as IDisposable;
        var evaluation = data.Evaluation(model, tokenizer, member.Seed);
        using var ofEvaluation = evaluation as IDisposable;
        MemberMemory.Of(member.Recipe, model, data, MemberMemory.RowLengths(member.Recipe, model.Config, data), member.Seed).PrepareHeap();
        Phase Train() => new TrainingPhase(
            run,
            task,
            member.Recipe.Loop,
            member.Recipe.Optimizer,
            member.Seed,
            tokenizer,
            evaluation,
            observers,
            time,
            stopAfter);
        new PhaseRunner(run, [Train]).Run(cancellationToken);
        if (stopAfter is null && task is IlqlTask { TargetIsDead: true })   // one that has only paused may move yet
        {
            observer.OnWarning(IlqlTask.DeadTargetWarning);
        }
    }

    private static void EvaluateBest(
        ExperimentMember member,
        BestOfNOptions options,
        PreparedData data,
        LanguageModel model,
        Tokenizer tokenizer,
        RunDirectory run,
        IReadOnlyList<IRunObserver> observers,
        CancellationToken cancellationToken)
    {
        MemberTask.RequireRewards(member.Recipe);
        using var reward = MemberReward.Create(member.Recipe, data.TaskReward, data.Fold, member.Seed, model.Device);
        var evaluation = data.BestOfN!(model, tokenizer, member.Seed, new BestAnswer(options.Samples, reward));
        new PhaseRunner(run, [() => new EvaluationPhase(run, evaluation, reward.TrainingCompute / model.ParameterCount, observers)]).Run(cancellationToken);
    }
}
