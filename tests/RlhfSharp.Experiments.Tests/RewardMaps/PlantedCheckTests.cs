using RlhfSharp.Experiments.Poems;
using RlhfSharp.Experiments.Recipes;
using RlhfSharp.Experiments.RewardMaps;
using TorchSharp;

namespace RlhfSharp.Experiments.Tests.RewardMaps;

public sealed class PlantedCheckTests
{
    // recipes/reward-map-tastes.yaml reduced to two tastes. Each has 11 effects and 6 places without one.
    [Fact]
    public async Task Recipe_FewTastes_FindsWhatIsPlantedAndNothingElse()
    {
        using var folder = TestFiles.NewFolder();
        var result = await Run(folder, "seeds=[2, 3]");

        Assert.InRange(result.Metrics["recovered"], 0.9, 1);
        Assert.InRange(result.Metrics["false"], 0, 1.0 / 12);
        Assert.True(result.Intervals.ContainsKey("recovered"));
        Assert.Equal(11, result.Metrics.Keys.Count(name => name.StartsWith("recovered/", StringComparison.Ordinal) && name.EndsWith("#2", StringComparison.Ordinal)));
        Assert.Equal(6, result.Metrics.Keys.Count(name => name.StartsWith("false/", StringComparison.Ordinal) && name.EndsWith("#2", StringComparison.Ordinal)));
        Assert.All(PlantedTaste.Draw(2).Genres, genre => Assert.True(result.Metrics.ContainsKey($"{(genre.Value == 0 ? "false" : "recovered")}/genre/{genre.Key}#2")));
        Assert.Matches("^planted: 2[0-2] of 22 effects found, [01] of 12 claimed where there is none$", result.Conclusions.Single());   // labels have no effect of their own over tastes
        Assert.Contains(result.Notes, note => note.StartsWith("Every seed has a taste of its own", StringComparison.Ordinal));
        var report = File.ReadAllText(result.Report);
        Assert.Contains("What is planted, and what is found", report, StringComparison.Ordinal);
        Assert.Contains("yes, rightly", report, StringComparison.Ordinal);
    }

    // Noise of 200 and nothing to be seen in it: nothing is found, and nothing is claimed but by chance.
    [Fact]
    public async Task Recipe_NothingButNoise_FindsNothing()
    {
        using var folder = TestFiles.NewFolder();
        var result = await Run(folder, "seeds=[1]", "planted={ kind: tiny-world }", "rewards[0].noise=200", "totalSteps=20", "startSteps=10");
        Assert.Equal((0, 0), (result.Metrics["recovered"], result.Metrics["false"]));
        Assert.Contains(result.Conclusions, claim => claim == "planted: 0 of 11 effects found, 0 of 6 claimed where there is none");
        Assert.Equal(5, result.Conclusions.Count);
    }

    // The signs of another taste: claims that are there are the opposite of what is planted, and none of them counts.
    [Fact]
    public void Check_OppositeTaste_RecoversNothingAndClaimsWhatIsPlantedElsewhere()
    {
        var taste = PlantedTaste.BuiltIn;
        var found = Search();
        var itself = PlantedCheck.Of(taste, found).Metrics().ToDictionary();
        Assert.Equal((1, 0), (itself["recovered"], itself["false"]));

        var opposite = taste with
        {
            Genres = taste.Genres.ToDictionary(genre => genre.Key, genre => -genre.Value),
            Tones = taste.Tones.ToDictionary(tone => tone.Key, tone => -tone.Value),
            Together = [],
            PerDoubling = 0,
        };
        var metrics = PlantedCheck.Of(opposite, found).Metrics().ToDictionary();
        Assert.Equal(0, metrics["recovered"]);
        Assert.Equal((0, 1, 1), (metrics["false/genre/haiku"], metrics["false/length"], metrics["false/genre+tone/others"]));
    }

    [Fact]
    public void Check_AxisThatCannotBeCompared_RecoversNothingOfIt()
    {
        var found = Search("axes[0].judge=null", "labelMode=requested", "start=Write a {tone} haiku.", "operators=[{ kind: random, template: Write a sonnet }]");
        Assert.All(PlantedCheck.Of(PlantedTaste.BuiltIn, found).Effects.Where(effect => effect.Found is null), effect => Assert.False(effect.IsClaimed || effect.IsRecovered));
    }

    [Theory]
    [InlineData("planted=null", "scores by the taste that the section 'planted' names, and there is none")]
    [InlineData("axes[0].labels=[haiku, sonnet]", "a planted taste is about an axis 'genre' with the labels haiku, sonnet, ballad, limerick, hymn")]
    [InlineData("axes[1].name=mood", "a planted taste is about an axis 'tone'")]
    public void Read_RecipeThatDoesNotFitTheTaste_SaysWhatIsWrong(string set, string expected) =>
        Assert.Contains(expected, Assert.Throws<RecipeException>(() => Recipe(set)).Message, StringComparison.Ordinal);

    [Fact]
    public void Start_FileThatIsNotThere_SaysWhatWritesIt()
    {
        using var folder = TestFiles.NewFolder();
        var error = Assert.Throws<Models.Runtime.InputException>(() => Start(folder, "planted={ kind: file, path: nowhere.planted.yaml }"));
        Assert.Contains("planted.path: 'nowhere.planted.yaml' does not exist. 'rlhf data taste' writes such a file", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_TasteOfAFile_IsHeldAgainstThatFile()
    {
        using var folder = TestFiles.NewFolder();
        PlantedTaste.Draw(5).Write(folder.File("taste.yaml"));
        var result = await Run(folder, "seeds=[1]", $"planted={{ kind: file, path: {folder.File("taste.yaml")} }}", "totalSteps=4", "startSteps=2");
        Assert.All(PlantedTaste.Draw(5).Tones, tone => Assert.True(result.Metrics.ContainsKey($"{(tone.Value == 0 ? "false" : "recovered")}/tone/{tone.Key}")));
    }

    private static MapDeviations Search(params string[] set)
    {
        using var folder = TestFiles.NewFolder();
        var recipe = Recipe(["planted={ kind: tiny-world }", "rewards[0].noise=0.1", "startSteps=40", .. set]);
        using var parts = MapParts.Open(recipe, folder.Path, 3, torch.CPU, TimeProvider.System);
        var state = new MapRun(recipe, 3, folder.Path, parts).RunAsync(null, CancellationToken.None).GetAwaiter().GetResult();
        return MapDeviations.Of([new MapSummary(recipe, state, 3)], isLengthEqual: true);
    }

    private static async Task<MapResult> Run(TemporaryFolder folder, params string[] set)
    {
        using var session = Start(folder, set);
        return await session.RunAsync(null, default);
    }

    private static MapSession Start(TemporaryFolder folder, params string[] set) => MapSession.Start(Path, set, folder.File("run"), overwrite: false, torch.CPU, TimeProvider.System);

    private static MapRecipe Recipe(params string[] set) => RecipeReader.Read<MapRecipe>(Path, set);

    private static string Path => System.IO.Path.Combine(TestFiles.RepositoryRoot, "recipes", "reward-map-tastes.yaml");
}
