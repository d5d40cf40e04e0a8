using RlhfSharp.Experiments.Recipes;
using RlhfSharp.Experiments.RewardMaps;
using RlhfSharp.Models.Runtime;

namespace RlhfSharp.Experiments.Tests.RewardMaps;

/// <summary>Small maps that need no model.</summary>
internal static class Stub
{
    /// <summary>A recipe of two genres and three tones, 12 steps of 4, half of them with parents; <paramref name="set"/> changes it.</summary>
    public static MapRecipe Recipe(params string[] set) => RecipeReader.Parse<MapRecipe>("""
        name: small
        axes:
          - { kind: labels, name: genre, labels: [haiku, sonnet], judge: { kind: lexicon, entries: [{ label: haiku, words: [frog] }, { label: sonnet, words: [thou] }] } }
          - { kind: labels, name: tone, labels: [happy, dark, calm], judge: { kind: lexicon, entries: [{ label: happy, words: [sun] }, { label: dark, words: [night] }] } }
        labelMode: requested
        generator: { kind: model, path: none }
        start: "Write a {tone} {genre}."
        operators:
          - { kind: guided-rewrite, template: "{parent}|Make this {parent.tone} {parent.genre} a {tone} {genre}." }
        rewards:
          - { kind: reward-model, path: none }
        dropDuplicates: false
        startSteps: 6
        totalSteps: 12
        batchSize: 4
        """, "small.yaml", set);

    /// <summary>Writes a text that depends on what decides it in earnest: seed, number and prompt.</summary>
    public static string Write(WriteRequest request)
    {
        var random = new NamedRandom(request.Seed, request.Prompt, request.Number);
        string[] words = ["frog", "thou", "sun", "night", "rain", "\u05e9\u05dc\u05d5\u05dd", "</script>", "\"quoted\", twice", "🐘"];
        return string.Join('\n', Enumerable.Range(0, 1 + random.Next(5)).Select(_ => words[random.Next(words.Length)]));
    }

    /// <summary>Scores between −3 and 3, by the text alone.</summary>
    public static double Score(string text) => 6 * new NamedRandom(1, text).NextDouble() - 3;

    public static MapParts Parts(
        MapRecipe recipe, Func<WriteRequest, string>? write = null, Func<string, double>? score = null, Func<string, string?>? genre = null, bool judges = true) =>
        Parts(recipe, new StubWriter(write ?? Write), new StubScorer(score ?? Score), genre, judges);

    public static MapParts Parts(MapRecipe recipe, ITextWriter writer, StubScorer scorer, Func<string, string?>? genre = null, bool judges = true) => new(
        writer,
        [.. recipe.Axes.Select((axis, index) => !judges ? null : index == 0 && genre is not null ? new StubJudge(genre) : (axis as LabelAxisOptions)?.Judge?.Create(((LabelAxisOptions)axis).Labels))],
        [.. recipe.TextRewards.Select(reward => new MapReward(reward, scorer))]);

    public static MapState Run(MapRecipe recipe, TemporaryFolder folder, MapParts? parts = null) =>
        new MapRun(recipe, 7, folder.Path, parts ?? Parts(recipe)).RunAsync(null, CancellationToken.None).GetAwaiter().GetResult();

    public static string[] Events(TemporaryFolder folder) => File.ReadAllLines(folder.File(MapRun.EventsName));
}
