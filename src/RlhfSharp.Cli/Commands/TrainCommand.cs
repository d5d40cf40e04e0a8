using RlhfSharp.Experiments.Recipes;

namespace RlhfSharp.Cli.Commands;

/// <summary><c>rlhf train</c>: runs a recipe, or goes on with a run.</summary>
internal sealed class TrainCommand() : RecipeCommand("train", "Run a recipe, or go on with a run.", "random-walks-ilql")
{
    protected override RecipeSource Source(string path, IReadOnlyList<string> overrides) => RecipeSource.Read(path);
}
