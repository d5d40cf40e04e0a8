using System.ComponentModel.DataAnnotations;
using RlhfSharp.QualityDiversity.Archives;
using RlhfSharp.Training;

namespace RlhfSharp.Experiments.RewardMaps;

/// <summary>Asks for a parent moved by one bin on every axis, up or down, as in pyribs' tutorial on QDAIF; <c>kind: directional</c>.</summary>
[RecipeKind("directional")]
public sealed record DirectionalOperatorOptions : MapOperatorOptions
{
    /// <summary>Gets the prompt; <c>{parent}</c> stands for the parent's text, <c>{directions}</c> for what shall change.</summary>
    [Required]
    public required string Template { get; init; }

    /// <summary>Gets the words for an axis of labels; <c>{from}</c>, <c>{to}</c> and <c>{axis}</c> stand for labels and name.</summary>
    /// <value>The default is "AXIS: TO instead of FROM".</value>
    [Required]
    public string LabelDirection { get; init; } = "{axis}: {to} instead of {from}";

    /// <summary>Gets the words for a measured axis; <c>{to}</c> is more or less.</summary>
    /// <value>The default is "AXIS: TO".</value>
    [Required]
    public string NumberDirection { get; init; } = "{axis}: {to}";

    internal override IEnumerable<(string Template, string[] Names)> Templates =>
        [(Template, ["parent", "directions"]), (LabelDirection, ["axis", "from", "to"]), (NumberDirection, ["axis", "to"])];

    internal override MapPlan? Plan(MapSituation situation)
    {
        if (situation.State.Archive.Count == 0)
        {
            return null;
        }
        var parent = situation.DrawParent();
        var bins = situation.State.Archive.BinsOf(parent.Cell);
        var requested = new string?[bins.Length];
        var directions = new List<string>();
        foreach (var (axis, at) in bins.Index())
        {
            var bin = Moved(at, situation.Axes[axis].Bins, situation.Random);
            requested[axis] = situation.Axes[axis].Labels?[bin];
            if (bin != at)
            {
                directions.Add(Direction(situation.Axes[axis], at, bin));
            }
        }
        return situation.Plan("directional", Template, requested, parent.Solution, name => name == "directions" ? string.Join("; ", directions) : null);
    }

    // At an end there is one way only.
    private static int Moved(int at, ArchiveAxis axis, Models.Runtime.NamedRandom random) => axis.Bins == 1 ? at
        : at == 0 ? 1
        : at == axis.Bins - 1 ? at - 1
        : at + (random.Next(2) == 0 ? -1 : 1);

    private string Direction(MapAxis axis, int from, int to) => PromptTemplate.Render(axis.Labels is null ? NumberDirection : LabelDirection, name => name switch
    {
        "axis" => axis.Name,
        "from" => axis.Labels?[from] ?? string.Empty,
        _ => axis.Labels?[to] ?? (to > from ? "more" : "less"),
    });
}
