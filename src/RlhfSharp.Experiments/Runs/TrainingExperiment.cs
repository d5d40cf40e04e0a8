using RlhfSharp.Experiments.Recipes;
using RlhfSharp.Models;
using RlhfSharp.Models.Runtime;
using RlhfSharp.Models.Tokenization;
using RlhfSharp.Training.Data;
using RlhfSharp.Training.Loop;
using RlhfSharp.Training.Objectives;
using RlhfSharp.Training.Runs;
using static TorchSharp.torch;

namespace RlhfSharp.Experiments.Runs;

/// <summary>Trains what a recipe asks for: every variant, seed and fold, one after the other. What is done already is not done again.</summary>
/// <param name="recipes">The recipe under the empty name, then its variants.</param>
/// <param name="directory">The experiment's folder.</param>
/// <param name="device">Where to compute.</param>
/// <param name="console">Where to show it.</param>
/// <param name="time">For timings, which nothing else depends on.</param>
public sealed class TrainingExperiment(
    IReadOnlyList<(string Variant, TrainingRecipe Recipe)> recipes, string directory, Device device, IExperimentConsole console, TimeProvider time)
{
    /// <summary>Gets the runs of the experiment.</summary>
    public IReadOnlyList<ExperimentMember> Members { get; } = ExperimentPlan.Members(recipes, directory);

    /// <summary>Runs what is left to do.</summary>
    /// <param name="cancellationToken">On cancellation a checkpoint is written first.</param>
    /// <returns>Facts about the data, for the report.</returns>
    /// <exception cref="OperationCanceledException">Cancelled; <c>rlhf train --resume</c> goes on.</exception>
    public IReadOnlyList<DataFact> Run(CancellationToken cancellationToken)
    {
        var tokenizer = MemberData.Tokenizer(recipes[0].Recipe);
        IReadOnlyList<DataFact> facts = [];
        for (var index = 0; index < Members.Count; index++)
        {
            using var scope = NewDisposeScope();
            var member = Members[index];
            var isDone = RunProgress.Read(member.Directory) is { Phase: > 0 };
            if (isDone && index < Members.Count - 1)
            {
                continue;   // the facts about the data are those of the last run
            }
            var config = MemberModel.ReadConfig(member.Recipe.Model, tokenizer);
            tokenizer.RequireFits(config.VocabularySize, member.Recipe.Model.Path ?? "model.new");
            var data = MemberData.Prepare(member.Recipe, tokenizer, config, member.Fold);
            facts = data.Facts;
            if (!isDone)
            {
                RunMember(member, data, tokenizer, console.Begin(member, index, Members.Count), cancellationToken);
            }
        }
        return facts;
    }

    private void RunMember(ExperimentMember member, PreparedData data, Tokenizer tokenizer, IRunObserver observer, CancellationToken cancellationToken)
    {
        using var run = RunDirectory.Open(member.Directory);
        using var model = MemberModel.Create(member.Recipe, tokenizer, member.Seed, device);
        var task = Task(member.Recipe.Objective, model, data.Train);
        var evaluation = data.Evaluation(model, tokenizer, member.Seed);
        Phase Train() => new TrainingPhase(
            run,
            task,
            member.Recipe.Loop,
            member.Recipe.Optimizer,
            member.Seed,
            tokenizer,
            evaluation,
            [observer, new TensorBoardObserver(run.File("tensorboard"))],
            time);
        new PhaseRunner(run, [Train]).Run(cancellationToken);
        if (task is IlqlTask { TargetIsDead: true })
        {
            observer.OnWarning(IlqlTask.DeadTargetWarning);
        }
    }

    private static ITrainingTask Task(ObjectiveOptions objective, LanguageModel model, IReadOnlyList<TokenizedDialogue> rows) => objective switch
    {
        IlqlOptions ilql => new IlqlTask(model, rows, ilql),
        SupervisedFineTuningOptions => new SupervisedFineTuningTask(model, rows),
        _ => throw new InputException($"No training is built for the objective {objective.GetType().Name}."),
    };
}
