using System.Text.Json;
using RlhfSharp.Models.Runtime;
using RlhfSharp.Training.Rollouts;
using RlhfSharp.Training.Runs;

namespace RlhfSharp.Experiments.IteratedRlhf;

/// <summary>Where the stages of an experiment lie.</summary>
/// <param name="root">The experiment's folder.</param>
internal sealed class StageFolders(string root)
{
    /// <summary>Gets the file of scores that a gold model behind a server gave as a judge.</summary>
    public string GoldScores => Path.Combine(root, "gold-scores.jsonl");

    /// <summary>Gets the file of scores that it gave as a reward.</summary>
    public string GoldRewards => Path.Combine(root, "gold-rewards.jsonl");

    /// <summary>Names a stage's folder.</summary>
    public string Of(Stage stage) => Path.Combine(root, "stages", stage.Key);

    /// <summary>Says whether a stage is done.</summary>
    public bool IsDone(Stage stage) => RunProgress.Read(Of(stage)) is { } progress && progress.Phase >= stage.Phases;

    /// <summary>Names the checkpoint that a stage made.</summary>
    public string Checkpoint(Stage stage) => Path.Combine(Of(stage), "checkpoints", "final");

    /// <summary>Names the checkpoint that an interpolated policy started from.</summary>
    public string Start(PolicyStage stage) => Path.Combine(Of(stage), "start");

    /// <summary>Reads what a stage sampled.</summary>
    public IReadOnlyList<Rollout> Rollouts(LabelStage stage) => RolloutLog.ReadAll(RolloutsOf(stage));

    /// <summary>Counts what a stage that is done sampled.</summary>
    public int SampleCount(Stage stage) => ReadKept(stage)?.Samples ?? CountSamples(stage);

    /// <summary>Counts the parameters of a proxy that is done.</summary>
    public long ParameterCount(ProxyStage stage) => ReadKept(stage)?.Parameters ?? CountParameters(stage);

    /// <summary>Removes what the report does not need of a stage that is done. Killed in the middle, the next call ends it.</summary>
    /// <param name="stage">The stage; no other that is still to be computed reads it.</param>
    /// <param name="keepsWeights">Whether its last checkpoint stays.</param>
    public void Tidy(Stage stage, bool keepsWeights)
    {
        if (stage is LabelStage)
        {
            return;   // labels are what an experiment is made of, and small
        }
        if (ReadKept(stage) is null)
        {
            var kept = new Kept(CountSamples(stage), stage is ProxyStage proxy ? CountParameters(proxy) : 0);
            AtomicFile.WriteAllText(KeptOf(stage), JsonSerializer.Serialize(kept) + "\n");
        }
        if (!keepsWeights)
        {
            Remove(Path.Combine(Of(stage), "checkpoints"));
            Remove(Path.Combine(Of(stage), "start"));
        }
        File.Delete(RolloutsOf(stage));
        File.Delete(Path.Combine(Of(stage), "growing.jsonl"));
    }

    /// <summary>Names the folder of a row's results.</summary>
    public string Row(string row, long seed) => Path.Combine(root, "rows", row, $"seed-{seed}");

    // Not at once: nothing reads a stage that is tidied, and what is left of it after a kill goes the next time.
    private static void Remove(string folder)
    {
        if (Directory.Exists(folder))
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private int CountSamples(Stage stage) => File.Exists(RolloutsOf(stage)) ? File.ReadLines(RolloutsOf(stage)).Count() : 0;

    private long CountParameters(ProxyStage stage) => Models.Checkpoints.Checkpoint.ReadConfig(Checkpoint(stage)).ClassifierParameters().Sum(parameter => parameter.Count);

    private Kept? ReadKept(Stage stage) => File.Exists(KeptOf(stage)) ? JsonSerializer.Deserialize<Kept>(File.ReadAllText(KeptOf(stage))) : null;

    private string RolloutsOf(Stage stage) => Path.Combine(Of(stage), "rollouts.jsonl");

    private string KeptOf(Stage stage) => Path.Combine(Of(stage), "kept.json");

    private sealed record Kept(int Samples, long Parameters);
}
