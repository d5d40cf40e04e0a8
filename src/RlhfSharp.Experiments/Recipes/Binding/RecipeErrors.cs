namespace RlhfSharp.Experiments.Recipes;

/// <summary>Collects what is wrong with a recipe, so that all of it is told at once.</summary>
internal sealed class RecipeErrors
{
    private readonly List<(Origin Origin, string Message)> _errors = [];

    public int Count => _errors.Count;

    public void Add(Origin origin, string message) => _errors.Add((origin, message));

    /// <exception cref="RecipeException">There are errors.</exception>
    public void ThrowIfAny()
    {
        if (_errors.Count > 0)
        {
            var ordered = _errors.OrderBy(error => error.Origin.Layer == Layer.CommandLine).ThenBy(error => error.Origin.Line);
            // An error of the base recipe shows again in each variant.
            throw new RecipeException([.. ordered.Select(error => $"{error.Origin.Place}: {error.Message}").Distinct()]);
        }
    }
}
