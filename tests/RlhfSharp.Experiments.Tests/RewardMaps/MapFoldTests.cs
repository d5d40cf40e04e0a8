using CsCheck;
using RlhfSharp.Experiments.RewardMaps;
using RlhfSharp.Models.Runtime;

namespace RlhfSharp.Experiments.Tests.RewardMaps;

/// <summary>The events are the truth: everything else is made of them, and a run that was cut anywhere ends as if it was not.</summary>
public sealed class MapFoldTests
{
    private static readonly string[] Operators =
    [
        "operators=[{ kind: guided-rewrite, template: '{parent} {tone} {genre}' }, { kind: random, template: '{genre}' }]",
        "operators=[{ kind: crossover, choice: near, header: 'A {tone} {genre}: ' }, { kind: crossover, choice: replace }, { kind: rewrite, template: '{parent}, again' }]",
        "operators=[{ kind: directional, template: '{parent}: {directions}' }]",
    ];

    private static readonly Gen<MapRecipe> Recipes = Gen.Select(
        OneOf("requested", "judged", "agreeing"), Gen.Int[0, 2].Select(index => Operators[index]), OneOf("uniform", "fewest-evaluations", "most-promising"),
        OneOf("uniform", "curiosity"), Gen.Bool, Gen.Int[1, 4], Gen.Int[1, 3], (mode, operators, targets, parents, drop, pipeline, depth) => Stub.Recipe(
            $"labelMode={mode}", operators, $"targets={targets}", $"parents={parents}", $"dropDuplicates={(drop ? "true" : "false")}", $"pipelineDepth={pipeline}", $"archiveDepth={depth}"));

    [Fact]
    public void Fold_EventsOfAnyRun_GivesTheStateOfTheRun() => Recipes.Sample(recipe =>
    {
        using var folder = new TemporaryFolder("fold");
        var live = Stub.Run(recipe, folder, Parts(recipe));
        var folded = MapRun.Fold(recipe, Stub.Events(folder));
        Assert.Equal(Text(recipe, live), Text(recipe, folded));
        Assert.Equal(Stub.Events(folder), folded.Events.Select(one => Line(one, recipe)));
    }, iter: 60, threads: 1);

    [Fact]
    public void Run_CutAnywhereAndResumed_EndsWithTheSameBytes() => Gen.Select(Recipes, Gen.Double[0, 1]).Sample((recipe, share) =>
    {
        using var whole = new TemporaryFolder("whole");
        using var cut = new TemporaryFolder("cut");
        var expected = Stub.Run(recipe, whole, Parts(recipe));
        var bytes = File.ReadAllBytes(whole.File(MapRun.EventsName));
        var length = (int)(share * bytes.Length);
        File.WriteAllBytes(cut.File(MapRun.EventsName), bytes[..length]);   // in the middle of a line, of a letter, or between steps
        var writer = new StubWriter(Stub.Write);

        var resumed = Stub.Run(recipe, cut, Stub.Parts(recipe, writer, new StubScorer(Score)));

        Assert.Equal(bytes, File.ReadAllBytes(cut.File(MapRun.EventsName)));
        Assert.Equal(Text(recipe, expected), Text(recipe, resumed));
        var kept = bytes[..length].Count(one => one == '\n') / recipe.BatchSize * recipe.BatchSize;
        Assert.Equal(recipe.TotalSteps * recipe.BatchSize - kept, writer.Requests.Count);   // nothing that was kept is asked for again
    }, iter: 60, threads: 1);

    [Fact]
    public void Run_RecipeOrLogChanged_SaysWhere()
    {
        using var folder = TestFiles.NewFolder();
        var recipe = Stub.Recipe();
        Stub.Run(recipe, folder);
        var other = Assert.Throws<InputException>(() => Stub.Run(Stub.Recipe("start='Please write a {tone} {genre}.'"), folder));
        Assert.Contains("events.jsonl:1: this recipe asks for something else", other.Message, StringComparison.Ordinal);

        var lines = Stub.Events(folder);
        lines[4] = lines[4].Replace("\"rewards\":{\"reward\":", "\"rewards\":{\"reward\":9", StringComparison.Ordinal);
        File.WriteAllLines(folder.File(MapRun.EventsName), lines);
        Assert.Contains("events.jsonl:", Assert.Throws<InputException>(() => Stub.Run(recipe, folder)).Message, StringComparison.Ordinal);

        File.WriteAllText(folder.File(MapRun.EventsName), "{}\n{}\n{}\n{}\n");
        Assert.Contains("events.jsonl:1: is no evaluation", Assert.Throws<InputException>(() => Stub.Run(recipe, folder)).Message, StringComparison.Ordinal);
    }

    private static Gen<string> OneOf(params string[] values) => Gen.Int[0, values.Length - 1].Select(index => values[index]);

    private static MapParts Parts(MapRecipe recipe) => Stub.Parts(recipe, new StubWriter(Stub.Write), new StubScorer(Score));

    // Now and then a score that is no number.
    private static double Score(string text) => text.Length % 11 == 0 ? double.NaN : Stub.Score(text);

    private static string Text(MapRecipe recipe, MapState state) => MapFiles.ToJson(new MapSummary(recipe, state, 7)).ToJsonString();

    private static string Line(MapEvent one, MapRecipe recipe) => one.ToJson(MapNames.Of(recipe)).ToJsonString(
        new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
}
