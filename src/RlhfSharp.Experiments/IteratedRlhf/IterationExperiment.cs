using RlhfSharp.Experiments.Recipes;
using RlhfSharp.Experiments.Runs;
using RlhfSharp.Models.Runtime;
using RlhfSharp.Models.Tokenization;
using RlhfSharp.Training.Runs;
using static TorchSharp.torch;

namespace RlhfSharp.Experiments.IteratedRlhf;

/// <summary>Computes the stages of all rows and seeds, one after the other or several at a time. What rows have in common is computed once, and what is done already is not done again.</summary>
/// <param name="rows">The rows, by name.</param>
/// <param name="directory">The experiment's folder.</param>
/// <param name="device">Where to compute.</param>
/// <param name="time">For timings, which nothing else depends on.</param>
internal sealed class IterationExperiment(IReadOnlyList<(string Name, IterationRecipe Recipe)> rows, string directory, Device device, TimeProvider time)
{
    private readonly Dictionary<(DataOptions, string?, int, IterationEvaluationOptions, int), PromptSet> _prompts = [];
    private readonly Lock _tidying = new();
    private IReadOnlyList<(IterationTask Task, Stage Stage)>? _stages;

    /// <summary>Gets each row with each seed.</summary>
    public IReadOnlyList<IterationTask> Tasks { get; } =
        [.. from seed in rows[0].Recipe.Seeds from row in rows select new IterationTask(row.Name, row.Recipe, seed, IterationPlan.Of(row.Recipe, seed))];

    /// <summary>Gets where stages lie.</summary>
    public StageFolders Folders { get; } = new(directory);

    // What rows have in common is listed once, where the first of them needs it. A stage comes after those that it reads.
    private IReadOnlyList<(IterationTask Task, Stage Stage)> Stages =>
        _stages ??= [.. Tasks.SelectMany(task => task.Plan.Stages.Select(stage => (task, stage))).DistinctBy(item => item.stage.Key)];

    /// <summary>Computes what is left to do.</summary>
    /// <param name="workers">How many stages are computed at a time, from 1 up.</param>
    /// <param name="threads">How many threads they compute with in all; each has its equal share, at least one.</param>
    /// <param name="processes">Where stages are computed if there are several workers.</param>
    /// <param name="console">Where to show it.</param>
    /// <param name="cancellationToken">On cancellation what was done is committed.</param>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public void Run(int workers, int threads, IMemberProcesses processes, IExperimentConsole console, CancellationToken cancellationToken)
    {
        var threadsEach = Math.Max(1, threads / workers);
        set_num_threads(threadsEach);
        var left = Enumerable.Range(0, Stages.Count).Where(index => !Folders.IsDone(Stages[index].Stage)).ToList();
        WorkerPool.Run(left, Math.Clamp(workers, 1, Math.Max(1, left.Count)), IsReady, Compute, cancellationToken);
        Tidy();   // what a process that was killed did not come to

        bool IsReady(int index) => StageUse.Needs(Stages[index].Stage, Stages[index].Task.Plan).All(Folders.IsDone);

        void Compute(int index, CancellationToken stop)
        {
            var observer = console.Begin(Title(index), index, Stages.Count);
            if (workers == 1)
            {
                RunStage(index, observer, stop);
            }
            else
            {
                processes.Run(directory, index, stopAfter: null, threadsEach, device.ToString(), observer, stop);
            }
            console.End(index);
            Tidy();
        }
    }

    /// <summary>Computes a stage in this thread, or goes on with it.</summary>
    /// <param name="index">Which one, from 0; those it reads are done.</param>
    /// <param name="observer">Watches.</param>
    /// <param name="cancellationToken">On cancellation what was done is committed.</param>
    /// <exception cref="InputException">There is no such stage.</exception>
    public void RunStage(int index, IRunObserver observer, CancellationToken cancellationToken)
    {
        if (index < 0 || index >= Stages.Count)
        {
            throw new InputException($"The experiment '{directory}' has no stage {index}; it has {Stages.Count}.");
        }
        var (task, stage) = Stages[index];
        var key = PromptSet.Key(task.Recipe);
        if (!_prompts.TryGetValue(key, out var prompts))
        {
            _prompts[key] = prompts = PromptSet.Read(task.Recipe, TokenizerLoader.Load(IteratedRun.StartPath(task.Recipe)));
        }
        new IteratedRun(task.Recipe, task.Plan, prompts, Folders, task.Seed, device, time).Run(stage, observer, cancellationToken);
    }

    // Rows may keep different things of a stage that they share: the one that keeps more decides.
    private void Tidy()
    {
        var keep = rows.Min(row => row.Recipe.Keep);
        if (keep == StageRetention.Everything)
        {
            return;
        }
        lock (_tidying)
        {
            foreach (var stage in StageUse.Finished([.. Tasks.SelectMany(task => task.Plan.Stages)], Folders.IsDone))
            {
                Folders.Tidy(stage, keepsWeights: keep == StageRetention.Policies && stage is PolicyStage);
            }
        }
    }

    private string Title(int index)
    {
        var (task, stage) = Stages[index];
        return $"{task.Row}, seed {task.Seed}: {Title(stage, task.Plan)}";
    }

    private static string Title(Stage stage, IterationPlan plan) => stage switch
    {
        LabelStage { Batch: < 0 } => "the start answers the held-out prompts",
        LabelStage labels => $"batch {labels.Batch + 1} of {plan.Labels.Sum(batches => batches.Count)} is labelled",
        ProxyStage { Member: var member } proxy => $"proxy {member + 1} of iteration {Iteration(proxy, plan)}",
        PolicyStage policy => $"policy of iteration {policy.Iteration} of {plan.Policies.Count}",
        _ => stage.Key,
    };

    private static int Iteration(ProxyStage proxy, IterationPlan plan) => plan.Policies.First(policy => policy.Proxies.Any(members => members.Contains(proxy))).Iteration;
}
