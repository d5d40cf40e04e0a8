using System.Text.Json.Nodes;
using RlhfSharp.Training.Metrics;

namespace RlhfSharp.Experiments.RewardMaps;

/// <summary>Writes contrasts of reward models for files and metrics.</summary>
internal static class ContrastFiles
{
    /// <summary>Makes the entry <c>contrasts</c> of <c>summary.json</c>.</summary>
    public static JsonArray ToJson(IReadOnlyList<RewardContrast> contrasts) => new([.. contrasts.Select(contrast => (JsonNode)new JsonObject
    {
        ["first"] = contrast.First,
        ["second"] = contrast.Second,
        ["rankCorrelation"] = contrast.Correlation,
        ["conclusion"] = contrast.Conclusion(),
        ["cells"] = new JsonArray([.. contrast.Cells.Select(cell => (JsonNode)Difference(cell))]),
        ["labels"] = new JsonArray([.. contrast.Labels.Select(label =>
        {
            var json = Difference(label.Difference);
            json.Insert(0, "axis", label.Axis);
            return (JsonNode)json;
        })]),
    })]);

    /// <summary>Names the metrics of contrasts: <c>contrast/AXIS/LABEL</c> of the second reward, <c>contrast/REWARD/AXIS/LABEL</c> of further ones.</summary>
    public static IEnumerable<(string Name, double Value, Interval? Interval)> Metrics(IReadOnlyList<RewardContrast> contrasts) => contrasts.SelectMany((contrast, index) =>
        contrast.Labels.Where(label => label.Difference.Mean is not null).Select(label => (
            $"contrast/{(index == 0 ? string.Empty : $"{contrast.Second}/")}{label.Axis}/{label.Difference.Labels[0]}", label.Difference.Mean!.Value, label.Difference.Interval)));

    private static JsonObject Difference(PairedDifference difference) => new()
    {
        ["labels"] = new JsonArray([.. difference.Labels.Select(label => JsonValue.Create(label))]),
        ["n"] = difference.Count,
        ["difference"] = difference.Mean,
        ["interval"] = difference.Interval is { } interval ? new JsonArray(interval.Low, interval.High) : null,
        ["separated"] = difference.IsSeparated,
    };
}
