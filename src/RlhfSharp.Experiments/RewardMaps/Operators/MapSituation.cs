using RlhfSharp.Models.Runtime;
using RlhfSharp.QualityDiversity.Archives;

namespace RlhfSharp.Experiments.RewardMaps;

/// <summary>What an operator has to go by when it plans a text.</summary>
/// <param name="Id">The text's number.</param>
/// <param name="State">Everything that was committed so far.</param>
/// <param name="Targets">Chooses what to ask for.</param>
/// <param name="Parents">Chooses what to start from.</param>
/// <param name="Random">Random numbers of this text's own.</param>
internal sealed record MapSituation(long Id, MapState State, TargetSelector Targets, ParentSelector Parents, NamedRandom Random)
{
    /// <summary>Gets the axes.</summary>
    public IReadOnlyList<MapAxis> Axes => State.Axes;

    /// <summary>Makes a plan of a template.</summary>
    /// <param name="operatorName">The operator's kind.</param>
    /// <param name="template">May name the axes, <c>parent</c>, <c>parent.AXIS</c>, and what <paramref name="more"/> knows.</param>
    /// <param name="requested">The labels to ask for.</param>
    /// <param name="parent">The text to start from; null for none.</param>
    /// <param name="more">Further names.</param>
    public MapPlan Plan(string operatorName, string template, IReadOnlyList<string?> requested, MapSolution? parent = null, Func<string, string?>? more = null) =>
        new(Id, operatorName, parent is null ? [] : [parent.Id], requested, Render(template, requested, parent, more));

    /// <summary>Fills a template in.</summary>
    public string Render(string template, IReadOnlyList<string?> requested, MapSolution? parent = null, Func<string, string?>? more = null) =>
        PromptTemplate.Render(template, name => more?.Invoke(name) ?? (name == "parent" ? parent?.Text : Label(name, requested, parent)) ?? string.Empty);

    /// <summary>Draws the parent: an elite as the recipe says.</summary>
    public Elite<MapSolution> DrawParent() => Parents.Choose(State, Random);

    private string? Label(string name, IReadOnlyList<string?> requested, MapSolution? parent)
    {
        const string OfParent = "parent.";
        var isOfParent = name.StartsWith(OfParent, StringComparison.Ordinal);
        var axis = Axes.Index().FirstOrDefault(axis => axis.Item.Name == (isOfParent ? name[OfParent.Length..] : name), (Index: -1, Item: null!)).Index;
        return axis < 0 ? null : isOfParent ? parent?.LabelOn(axis) : requested[axis];
    }
}
