using RlhfSharp.Models.Checkpoints;
using RlhfSharp.Models.Hub;
using RlhfSharp.Models.Runtime;

namespace RlhfSharp.Experiments.Runs;

/// <summary>Finds the checkpoint that a path means: the path itself, the best or final checkpoint of a run, a model that comes with the program, for
/// instance <c>tiny-world/dialogues</c>, or one of the Hugging Face Hub that was fetched before.</summary>
public static class CheckpointPath
{
    private const string Runs = "runs/";

    /// <summary>Gets the folder of the models that come with the program.</summary>
    internal static string BuiltIn => Path.Combine(AppContext.BaseDirectory, "models");

    /// <summary>Resolves a path.</summary>
    /// <param name="path">A checkpoint, a run, the name of a model that comes with the program, or <c>organisation/name[@revision]</c>.</param>
    /// <returns>The checkpoint's folder; the path itself where it is none of these, so that the error of loading names it.</returns>
    /// <exception cref="InputException">There is no such folder, and the path could be a run or a model of the Hub.</exception>
    public static string Resolve(string path) =>
        Find(path) ?? (Directory.Exists(path) ? path
            : path.StartsWith(Runs, StringComparison.Ordinal) ? throw NoSuchRun(path)
            : HubModelId.TryParse(path, out _) ? throw NotFetched(path) : path);

    // A run's folder is called after its recipe.
    private static InputException NoSuchRun(string path) => new(
        $"There is no run '{path}'. A run is made by 'rlhf train'; this one, if it has the usual name, by: rlhf train recipes/{path[Runs.Length..].Split('/')[0]}.yaml");

    private static InputException NotFetched(string path) => new(
        $"There is no checkpoint '{path}' here. If it is a model of the Hugging Face Hub, fetch it first: rlhf download {path}");

    private static string? Find(string path) =>
        new[] { path, Path.Combine(path, "checkpoints", "best"), Path.Combine(path, "checkpoints", "final"), Path.Combine(BuiltIn, path) }
            .FirstOrDefault(Checkpoint.Exists)
        ?? (HubModelId.TryParse(path, out var id) ? HubDownload.Find(id, new HubOptions()) : null);
}
