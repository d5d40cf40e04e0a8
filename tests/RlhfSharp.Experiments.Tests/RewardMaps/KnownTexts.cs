using System.Text.Json.Nodes;
using RlhfSharp.Experiments.Recipes;
using RlhfSharp.Experiments.RewardMaps;
using RlhfSharp.Training.Rewards;

namespace RlhfSharp.Experiments.Tests.RewardMaps;

/// <summary>Maps of texts that lie in files.</summary>
internal static class KnownTexts
{
    /// <summary>Writes rows with form, author and text, and a recipe that maps them by form and length in characters.</summary>
    public static MapRecipe Recipe(TemporaryFolder folder, IEnumerable<(string? Form, string? Author, string Text)> rows, params string[] set)
    {
        File.WriteAllLines(folder.File("texts.jsonl"), rows.Select(row => new JsonObject { ["form"] = row.Form, ["author"] = row.Author, ["text"] = row.Text }.ToJsonString()));
        return Read(folder, set);
    }

    public static MapRecipe Read(TemporaryFolder folder, params string[] set) => RecipeReader.Parse<MapRecipe>($$"""
        name: known
        axes:
          - { kind: labels, name: form, fewestTexts: 3 }
          - { kind: length, name: length, quantiles: 2 }
        labelMode: requested
        generator: { kind: texts, groupColumn: author, files: [{ path: '{{folder.File("texts.jsonl")}}' }] }
        start: Write a poem.
        rewards:
          - { kind: reward-model, name: a, path: none }
          - { kind: reward-model, name: b, path: none }
        batchSize: 4
        pipelineDepth: 1
        """, "known.yaml", set);

    /// <summary>Settles a recipe and runs it, each reward scored by its function.</summary>
    public static MapSummary Run(MapRecipe recipe, string folder, params Func<string, double>[] scores) =>
        Run(recipe, folder, [.. scores.Select(score => new StubScorer(score))]);

    public static MapSummary Run(MapRecipe recipe, string folder, IReadOnlyList<IScorer> scorers)
    {
        var settled = recipe.Generator.Settle(recipe);
        Directory.CreateDirectory(folder);
        var state = new MapRun(settled, 7, folder, Parts(settled, scorers)).RunAsync(null, CancellationToken.None).GetAwaiter().GetResult();
        return new MapSummary(settled, state, 7);
    }

    public static MapParts Parts(MapRecipe settled, IReadOnlyList<IScorer> scorers) => new(
        new TextsWriter(),
        [.. settled.Axes.Select(axis => axis is LabelAxisOptions { Judge: { } judge } labels ? judge.Create(labels.Labels) : null)],
        [.. settled.TextRewards.Zip(scorers, (reward, scorer) => new MapReward(reward, scorer))])
    {
        Texts = settled.Generator.Texts(settled),
    };

    /// <summary>Texts without groups: sonnets, odes and hymns, of 10 to 70 letters.</summary>
    public static IEnumerable<(string? Form, string? Author, string Text)> Many(int count) => Enumerable.Range(0, count)
        .Select(i => ((string?)((i % 3) switch { 0 => "sonnet", 1 => "ode", _ => "hymn" }), (string?)null, $"{i} {new string('x', 10 + i * 37 % 61)}"));
}
