using RlhfSharp.Training.Rollouts;
using RlhfSharp.Training.Runs;

namespace RlhfSharp.Experiments.IteratedRlhf;

/// <summary>Where the stages of an experiment lie.</summary>
/// <param name="root">The experiment's folder.</param>
internal sealed class StageFolders(string root)
{
    /// <summary>Names a stage's folder.</summary>
    public string Of(Stage stage) => Path.Combine(root, "stages", stage.Key);

    /// <summary>Says whether a stage is done.</summary>
    public bool IsDone(Stage stage) => RunProgress.Read(Of(stage)) is { Phase: > 0 };

    /// <summary>Names the checkpoint that a stage made.</summary>
    public string Checkpoint(Stage stage) => Path.Combine(Of(stage), "checkpoints", "final");

    /// <summary>Names the checkpoint that an interpolated policy started from.</summary>
    public string Start(PolicyStage stage) => Path.Combine(Of(stage), "start");

    /// <summary>Reads what a stage sampled.</summary>
    public IReadOnlyList<Rollout> Rollouts(LabelStage stage) => RolloutLog.ReadAll(RolloutsOf(stage));

    /// <summary>Counts what a stage sampled.</summary>
    public int SampleCount(Stage stage) => File.Exists(RolloutsOf(stage)) ? File.ReadLines(RolloutsOf(stage)).Count() : 0;

    /// <summary>Names the folder of a row's results.</summary>
    public string Row(string row, long seed) => Path.Combine(root, "rows", row, $"seed-{seed}");

    private string RolloutsOf(Stage stage) => Path.Combine(Of(stage), "rollouts.jsonl");
}
