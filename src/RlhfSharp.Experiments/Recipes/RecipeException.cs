using RlhfSharp.Models.Runtime;

namespace RlhfSharp.Experiments.Recipes;

/// <summary>A recipe with mistakes; the message lists all of them.</summary>
/// <param name="problems">One line per mistake: file, line, what is wrong, what is allowed.</param>
public sealed class RecipeException(IReadOnlyList<string> problems) : InputException(string.Join(Environment.NewLine, problems))
{
    /// <summary>Gets the mistakes.</summary>
    public IReadOnlyList<string> Problems { get; } = problems;
}
