using System.ComponentModel.DataAnnotations;
using RlhfSharp.Models.Runtime;
using RlhfSharp.QualityDiversity.Archives;
using RlhfSharp.Training;

namespace RlhfSharp.Experiments.RewardMaps;

/// <summary>An axis of the length of texts, which is measured in every label mode and never asked for; <c>kind: length</c>.</summary>
[RecipeKind("length")]
public sealed record LengthAxisOptions : MapAxisOptions
{
    /// <summary>Gets what is counted.</summary>
    /// <value>The default is characters.</value>
    public TextUnit Unit { get; init; }

    /// <summary>Gets the borders between bins, ascending; n of them make n + 1 bins.</summary>
    /// <value>Empty, the default, where <see cref="Quantiles"/> makes them.</value>
    public IReadOnlyList<double> Ticks { get; init; } = [];

    /// <summary>Gets into how many bins of about as many texts each the axis is cut, where the texts are known before the map begins (<c>generator</c> of
    /// <c>kind: texts</c>). Texts without a label on another axis do not count.</summary>
    /// <value>0, the default, where the ticks are given.</value>
    [Range(0, 1000)]
    public int Quantiles { get; init; }

    internal override string? Mistake(bool textsAreKnown) => (Ticks.Count, Quantiles) switch
    {
        ( > 0, > 0) => "has ticks, and quantiles to make them. Leave one out",
        (0, 0) => "has no ticks",
        (0, 1) => "has one quantile; at least two are needed",
        (0, _) when !textsAreKnown => "has quantiles, which need texts that are known beforehand: a generator of kind texts. Give ticks instead",
        _ => null,
    };

    internal override MapAxisOptions Settle(int axis, IReadOnlyList<KnownText> texts)
    {
        if (Quantiles == 0)
        {
            return this;
        }
        double[] lengths = [.. texts.Select(text => (double)Unit.Count(text.Text))];
        List<double> ticks = lengths.Length == 0 ? [] : [.. NumericAxis.Quantiles(Name, lengths, Quantiles).Edges.Where(double.IsFinite)];
        return ticks.Count > 0 ? this with { Ticks = ticks, Quantiles = 0 } : throw new InputException($"The axis '{Name}' cannot be cut into {Quantiles}: all texts with labels are of one length.");
    }
}
