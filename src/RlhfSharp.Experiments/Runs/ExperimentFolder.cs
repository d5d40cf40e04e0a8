using System.Text.Json;
using System.Text.Json.Nodes;
using RlhfSharp.Models.Runtime;
using RlhfSharp.Training.Runs;

namespace RlhfSharp.Experiments.Runs;

/// <summary>An experiment's folder: the resolved recipe, <c>run.json</c>, and a lock while a process works in it.</summary>
public sealed class ExperimentFolder : IDisposable
{
    private const string RecipeName = "recipe.yaml";
    private const string RunName = "run.json";
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    private readonly RunLock _lock;

    private ExperimentFolder(string path, RunLock runLock, JsonObject facts) => (Path, _lock, Facts) = (path, runLock, facts);

    /// <summary>Gets the folder.</summary>
    public string Path { get; }

    /// <summary>Gets what <c>run.json</c> says: versions, seeds, device, threads, status, times.</summary>
    public JsonObject Facts { get; }

    /// <summary>Gets where the report goes.</summary>
    public string ReportPath => System.IO.Path.Combine(Path, "report.html");

    /// <summary>Gets the resolved recipe.</summary>
    public string RecipePath => RecipeIn(Path);

    /// <summary>Names the <c>run.json</c> of an experiment.</summary>
    internal static string FactsIn(string directory) => System.IO.Path.Combine(directory, RunName);

    /// <summary>Names the resolved recipe of an experiment.</summary>
    internal static string RecipeIn(string directory) => System.IO.Path.Combine(directory, RecipeName);

    /// <summary>Makes a new folder.</summary>
    /// <param name="path">The folder.</param>
    /// <param name="overwrite">Whether an existing run may be removed.</param>
    /// <param name="recipeYaml">The resolved recipe.</param>
    /// <param name="facts">What <c>run.json</c> shall say.</param>
    /// <returns>The folder, locked.</returns>
    /// <exception cref="InputException">There is a run already, another process works in it, or the folder cannot be written to.</exception>
    public static ExperimentFolder Create(string path, bool overwrite, string recipeYaml, JsonObject facts)
    {
        // A process that was killed before its first file left a lock and perhaps a temporary file: that is no run yet.
        var exists = Directory.Exists(path) && Directory.EnumerateFileSystemEntries(path).Any(entry => !IsTrace(entry));
        if (exists && !overwrite)
        {
            throw new InputException($"The run '{path}' exists. Go on with it by --resume {path}, replace it by --overwrite, or choose another folder by --run.");
        }
        if (exists && !File.Exists(System.IO.Path.Combine(path, RunName)) && !File.Exists(System.IO.Path.Combine(path, RecipeName)))
        {
            throw new InputException($"'{path}' is not empty and not a run, so --overwrite does not remove it. Choose another folder by --run.");
        }
        var runLock = RunLock.Take(path);
        try
        {
            // Killed on the way, this must leave what can be overwritten but not resumed: run.json goes first, and the recipe stays until it is replaced.
            var old = new DirectoryInfo(path).EnumerateFileSystemInfos().Where(entry => entry.Name is not (RunLock.FileName or RecipeName));
            foreach (var entry in old.OrderBy(entry => entry.Name != RunName).ToList())
            {
                if (entry is DirectoryInfo folder)
                {
                    folder.Delete(recursive: true);
                }
                else
                {
                    entry.Delete();
                }
            }
            var created = new ExperimentFolder(path, runLock, facts);
            AtomicFile.WriteAllText(System.IO.Path.Combine(path, RecipeName), recipeYaml);
            created.WriteFacts();
            return created;
        }
        catch
        {
            runLock.Dispose();
            throw;
        }
    }

    /// <summary>Fails if one of the models that a recipe reads lies in the folder of a run that is to be replaced.</summary>
    /// <param name="directory">The folder.</param>
    /// <param name="models">Paths of models.</param>
    internal static void RequireOutside(string directory, IEnumerable<string> models)
    {
        var inside = System.IO.Path.GetFullPath(directory).TrimEnd(System.IO.Path.DirectorySeparatorChar) + System.IO.Path.DirectorySeparatorChar;
        if (models.FirstOrDefault(model => $"{System.IO.Path.GetFullPath(model)}{System.IO.Path.DirectorySeparatorChar}".StartsWith(inside, StringComparison.Ordinal)) is { } own)
        {
            throw new InputException($"The recipe starts from '{own}', which --overwrite would remove with the run '{directory}'. Choose another folder by --run.");
        }
    }

    /// <summary>Opens an existing folder to go on with its run.</summary>
    /// <param name="path">The folder.</param>
    /// <returns>The folder, locked.</returns>
    /// <exception cref="InputException">There is no run, it did not get as far as its first file, or another process works in it.</exception>
    public static ExperimentFolder Resume(string path)
    {
        var (recipe, run) = (System.IO.Path.Combine(path, RecipeName), System.IO.Path.Combine(path, RunName));
        if (!File.Exists(recipe) || !File.Exists(run))
        {
            throw new InputException(Directory.Exists(path)
                ? $"'{path}' is no run that can be resumed: it has no {(File.Exists(recipe) ? RunName : RecipeName)}. Start it anew with --overwrite."
                : $"There is no run '{path}'.");
        }
        var runLock = RunLock.Take(path);
        try
        {
            var facts = JsonNode.Parse(File.ReadAllText(run)) as JsonObject ?? throw new JsonException("not an object");
            return new ExperimentFolder(path, runLock, facts);
        }
        catch (JsonException exception)
        {
            runLock.Dispose();
            throw new InputException($"'{run}' is not valid: {exception.Message}", exception);
        }
    }

    /// <summary>Replaces <c>run.json</c>.</summary>
    public void WriteFacts() => AtomicFile.WriteAllText(System.IO.Path.Combine(Path, RunName), Facts.ToJsonString(Indented) + "\n");

    /// <inheritdoc/>
    public void Dispose() => _lock.Dispose();

    private static bool IsTrace(string entry) => System.IO.Path.GetFileName(entry) is RunLock.FileName or RecipeName + ".tmp";
}
