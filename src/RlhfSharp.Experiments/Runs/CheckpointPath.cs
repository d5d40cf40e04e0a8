using RlhfSharp.Models.Checkpoints;

namespace RlhfSharp.Experiments.Runs;

/// <summary>Finds the checkpoint that a path means: the path itself, or the best or final checkpoint of a run.</summary>
public static class CheckpointPath
{
    /// <summary>Resolves a path.</summary>
    /// <param name="path">A checkpoint or a run.</param>
    /// <returns>The checkpoint's folder; the path itself where it is neither, so that the error of loading names it.</returns>
    public static string Resolve(string path) =>
        new[] { path, Path.Combine(path, "checkpoints", "best"), Path.Combine(path, "checkpoints", "final") }
            .FirstOrDefault(candidate => File.Exists(Path.Combine(candidate, ConfigFile.FileName))) ?? path;
}
