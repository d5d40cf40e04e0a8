using RlhfSharp.Models.Runtime;

namespace RlhfSharp.Experiments.Recipes;

/// <summary>A recipe has errors; all of them are told at once.</summary>
public sealed class RecipeException : InputException
{
    /// <summary>Initializes the error.</summary>
    /// <param name="errors">At least one, each with its place: file and line, or the argument of the command line.</param>
    public RecipeException(IReadOnlyList<string> errors)
        : base(string.Join('\n', errors)) => Errors = errors;

    /// <summary>Gets the errors in the order of their lines; those of the command line come last.</summary>
    public IReadOnlyList<string> Errors { get; }
}
