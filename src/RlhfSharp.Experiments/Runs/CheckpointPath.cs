using RlhfSharp.Models.Checkpoints;
using RlhfSharp.Models.Hub;

namespace RlhfSharp.Experiments.Runs;

/// <summary>Finds the checkpoint that a path means: the path itself, the best or final checkpoint of a run, a model that comes with the program, for
/// instance <c>tiny-world/dialogues</c>, or one of the Hugging Face Hub that was fetched before.</summary>
public static class CheckpointPath
{
    /// <summary>Gets the folder of the models that come with the program.</summary>
    internal static string BuiltIn => Path.Combine(AppContext.BaseDirectory, "models");

    /// <summary>Resolves a path.</summary>
    /// <param name="path">A checkpoint, a run, the name of a model that comes with the program, or <c>organisation/name[@revision]</c>.</param>
    /// <returns>The checkpoint's folder; the path itself where it is none of these, so that the error of loading names it.</returns>
    public static string Resolve(string path) =>
        new[] { path, Path.Combine(path, "checkpoints", "best"), Path.Combine(path, "checkpoints", "final"), Path.Combine(BuiltIn, path) }
            .FirstOrDefault(Checkpoint.Exists)
        ?? (HubModelId.TryParse(path, out var id) ? HubDownload.Find(id, new HubOptions()) : null)
        ?? path;
}
