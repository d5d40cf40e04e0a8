using System.Text.Json.Nodes;
using RlhfSharp.QualityDiversity.Archives;
using RlhfSharp.QualityDiversity.HeatMaps;

namespace RlhfSharp.Experiments.RewardMaps;

/// <summary>A map's events as the explorer reads them: a list per column, so that thousands of texts stay a small file.</summary>
internal static class MapExplorerData
{
    private const int Colors = 64;

    /// <summary>Writes the data.</summary>
    /// <param name="seeds">The searches, one per seed.</param>
    public static JsonObject Of(IReadOnlyList<MapSummary> seeds)
    {
        var (recipe, axes) = (seeds[0].Recipe, seeds[0].State.Axes);
        List<string>[] words = [.. axes.Select((axis, index) => Words(seeds, axis, index))];
        List<string> operators = [.. seeds.SelectMany(seed => seed.State.Events).Select(one => one.Solution.Operator).Distinct()];
        return new JsonObject
        {
            ["axes"] = List(axes.Select((axis, index) => (JsonNode)new JsonObject
            {
                ["name"] = axis.Name,
                ["labels"] = List(axis.Bins.Labels),
                ["words"] = List(words[index]),
                ["isMeasured"] = axis.Labels is null,
                ["isJudged"] = recipe.Axes[index] is LabelAxisOptions { Judge: not null },
            })),
            ["rewards"] = List(recipe.Rewards.Select(reward => reward.Name)),
            ["readers"] = List(recipe.TextRewards.Select(reward => (JsonNode)recipe.PlaceOf(reward.Name))),   // those that read texts, and can be compared
            ["search"] = seeds[0].State.Contrast is { } search ? new JsonArray(search.First, search.Second) : null,
            ["operators"] = List(operators),
            ["statuses"] = List(Enum.GetValues<AddStatus>().Select(MapEvent.Text)),
            ["reasons"] = List(Enum.GetValues<RejectReason>().Select(MapEvent.Text)),
            ["flags"] = List(TextFlags.All.Select(flag => (JsonNode)new JsonObject { ["name"] = TextFlags.Name(flag), ["meaning"] = TextFlags.Meaning(flag) })),
            ["bestOf"] = recipe.BestOf,
            ["batchSize"] = recipe.BatchSize,
            ["firstPhase"] = recipe.StartSteps * recipe.BatchSize,
            ["colors"] = List(Enumerable.Range(0, Colors).Select(i => ColorScale.HexAt(i / (Colors - 1.0)))),
            ["contrastColors"] = List(Enumerable.Range(0, Colors + 1).Select(i => ColorScale.DivergingHexAt((double)i / Colors))),   // an odd number: there is a middle
            ["runs"] = List(seeds.Select(seed => (JsonNode)Run(seed, words, operators, EmbeddedTexts.MostCharacters / seeds.Count))),
        };
    }

    private static JsonObject Run(MapSummary seed, List<string>[] words, List<string> operators, int mostCharacters)
    {
        var events = seed.State.Events;
        var texts = EmbeddedTexts.Choose(seed.State, mostCharacters);
        JsonArray Column(Func<MapEvent, JsonNode?> value) => List(events.Select(value));
        JsonArray Labels(Func<MapSolution, IReadOnlyList<string?>> labels) =>
            List(words.Select((known, axis) => (JsonNode)Column(one => labels(one.Solution)[axis] is { } label ? known.IndexOf(label) : -1)));
        return new JsonObject
        {
            ["seed"] = seed.Seed,
            ["embedded"] = texts.Count(isEmbedded => isEmbedded),
            ["cell"] = Column(one => one.Outcome.Cell ?? -1 - (int)one.Outcome.Reason!.Value),
            ["status"] = Column(one => (int)one.Outcome.Status),
            ["operator"] = Column(one => operators.IndexOf(one.Solution.Operator)),
            ["parents"] = Column(one => List(one.Solution.Parents.Select(id => (JsonNode)id))),
            ["requested"] = Labels(solution => solution.Requested),
            ["judged"] = Labels(solution => solution.Judged),
            ["rewards"] = List(seed.Recipe.Rewards.Select((_, reward) => (JsonNode)Column(one => Number(one.Solution.Rewards[reward])))),
            ["flags"] = Column(one => (int)seed.Flags[one.Solution.Id]),
            ["contrasts"] = List(Contrasts(seed)),
            ["text"] = Column(one => texts[one.Solution.Id] ? JsonValue.Create(one.Solution.Text) : null),
        };
    }

    // Every pair of rewards: the ends of each cell's interval, and 1 where the difference holds together with all cells.
    private static IEnumerable<JsonNode> Contrasts(MapSummary seed)
    {
        var readers = seed.Recipe.TextRewards.Select(reward => seed.Recipe.PlaceOf(reward.Name)).ToList();
        return from first in readers
               from second in readers
               where first < second
               let contrast = RewardContrast.Of([seed], first, second)
               where contrast is not null
               select new JsonObject
               {
                   ["pair"] = new JsonArray(first, second),
                   ["cells"] = List(contrast.Cells.Select(cell => cell.Interval is { } interval ? (JsonNode)new JsonArray(interval.Low, interval.High, cell.IsSeparated ? 1 : 0) : null)),
               };
    }

    // Labels that can be asked for, and behind them whatever else judges found.
    private static List<string> Words(IReadOnlyList<MapSummary> seeds, MapAxis axis, int index) =>
        [.. (axis.Labels ?? []).Concat(seeds.SelectMany(seed => seed.State.Events).Select(one => one.Solution.Judged[index]).OfType<string>()).Distinct()];

    // Most rewards come from models of single precision: written as such they are half as long, and the same number.
    private static JsonNode? Number(double value) => !double.IsFinite(value) ? null : (float)value == value ? JsonValue.Create((float)value) : JsonValue.Create(value);

    private static JsonArray List(IEnumerable<JsonNode?> items) => [.. items];

    private static JsonArray List(IEnumerable<string> items) => [.. items.Select(item => JsonValue.Create(item))];
}
