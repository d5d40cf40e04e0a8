namespace RlhfSharp.Experiments.RewardMaps;

/// <summary>Finds texts that repeat what was asked: a reward model may like to read the request once more.</summary>
internal static class InstructionEcho
{
    /// <summary>So many words of the request in a row are no chance.</summary>
    public const int Words = 4;

    /// <summary>Says whether a text holds <see cref="Words"/> words in a row of a request; punctuation and case do not count.</summary>
    /// <param name="text">The text.</param>
    /// <param name="requests">What the generator read besides the parent's text; shorter ones are echoed by nothing.</param>
    public static bool IsIn(string text, IEnumerable<string> requests)
    {
        var said = TextWords.Runs(TextWords.Of(text), Words).ToHashSet(StringComparer.Ordinal);
        return said.Count > 0 && requests.Any(request => TextWords.Runs(TextWords.Of(request), Words).Any(said.Contains));
    }

    /// <summary>Finds what a text was asked for in the recipe's own words: the start prompt, and the templates of its operator up to where another text stands.</summary>
    public static IEnumerable<string> Requests(MapRecipe recipe, MapSolution solution)
    {
        const char Gap = '\0';
        string Fill(string name) => solution.Requested.Zip(recipe.Axes).FirstOrDefault(axis => axis.Second.Name == name).First ?? $"{Gap}";
        var templates = solution.Parents.Count == 0 ? [recipe.Start] : recipe.Operators.SelectMany(one => one.Templates).Select(one => one.Template).Prepend(recipe.Start);
        return templates.SelectMany(template => PromptTemplate.Render(template, Fill).Split(Gap));
    }
}
