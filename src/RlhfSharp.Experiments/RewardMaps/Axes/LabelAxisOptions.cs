using System.ComponentModel.DataAnnotations;
using RlhfSharp.Models.Runtime;
using RlhfSharp.Training;

namespace RlhfSharp.Experiments.RewardMaps;

/// <summary>An axis of labels, such as genres; <c>kind: labels</c>.</summary>
[RecipeKind("labels")]
public sealed record LabelAxisOptions : MapAxisOptions
{
    /// <summary>Gets the labels, in the order in which the map shows them; at least two, all different.</summary>
    /// <value>Empty, the default, where <see cref="FewestTexts"/> chooses among those that the texts have.</value>
    public IReadOnlyList<string> Labels { get; init; } = [];

    /// <summary>Gets how many texts a label needs to be on the axis, where the texts are known before the map begins (<c>generator</c> of <c>kind: texts</c>).
    /// The labels then stand in the order of their numbers of texts.</summary>
    /// <value>0, the default, where the labels are given.</value>
    [Range(0, int.MaxValue)]
    public int FewestTexts { get; init; }

    /// <summary>Gets what finds the label of a text.</summary>
    /// <value>Null, the default, means nothing: the label that was asked for is believed.</value>
    public MapJudgeOptions? Judge { get; init; }

    internal override string? Mistake(bool textsAreKnown) => (Labels.Count, FewestTexts) switch
    {
        ( > 0, > 0) => "has labels, and fewestTexts to choose them by. Leave one out",
        (0, 0) => "has no labels",
        (1, _) => "has one label; at least two are needed",
        (0, _) when !textsAreKnown => "has fewestTexts, which chooses among labels of texts that are known beforehand: a generator of kind texts. Give labels instead",
        _ => null,
    };

    internal override MapAxisOptions Settle(int axis, IReadOnlyList<KnownText> texts)
    {
        if (FewestTexts == 0)
        {
            return this;
        }
        var counts = texts.Select(text => text.Labels[axis]).OfType<string>().CountBy(label => label).OrderByDescending(label => label.Value).ThenBy(label => label.Key, StringComparer.Ordinal).ToList();
        List<string> labels = [.. counts.Where(label => label.Value >= FewestTexts).Select(label => label.Key)];
        return labels.Count >= 2
            ? this with { Labels = labels, FewestTexts = 0 }
            : throw new InputException(
                $"The axis '{Name}' needs two labels with at least {FewestTexts} texts, and the files have {labels.Count}. "
                + $"They have: {(counts.Count > 0 ? string.Join(", ", counts.Take(10).Select(label => $"{label.Key} {label.Value}")) : $"no column '{Name}'")}.");
    }
}
