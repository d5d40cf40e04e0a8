using RlhfSharp.Experiments.Recipes;
using RlhfSharp.Experiments.RewardMaps;
using RlhfSharp.Models.Runtime;

namespace RlhfSharp.Experiments.Tests.RewardMaps;

public sealed class MapRecipeTests
{
    [Theory]
    [InlineData("startSteps=13", "startSteps is 13, more than totalSteps, 12")]
    [InlineData("start='A {tune} {genre}'", "a template names {tune}, which nothing fills in. Did you mean 'tone'?")]
    [InlineData("start='{parent}'", "a template names {parent}, which nothing fills in")]
    [InlineData("operators=[{ kind: rewrite, template: '{parent.mood}' }]", "a template names {parent.mood}")]
    [InlineData("axes[1].name=genre", "two entries are called 'genre'")]
    [InlineData("axes[1].labels=[a, b, a]", "the axis 'tone' has a label twice")]
    [InlineData("axes[1]={ kind: length, name: length, ticks: [2, 1] }", "the ticks of the axis 'length' are not ascending")]
    public void Read_RecipeThatMakesNoSense_SaysWhatIsWrong(string set, string expected) =>
        Assert.Contains(expected, Assert.Throws<RecipeException>(() => Stub.Recipe(set)).Message, StringComparison.Ordinal);

    [Fact]
    public void Read_JudgedLabelsWithoutJudge_NamesTheAxis() => Assert.Contains(
        "labelMode judged needs a judge for the axis 'tone'",
        Assert.Throws<RecipeException>(() => Stub.Recipe("labelMode=judged", "axes[1].judge=null")).Message,
        StringComparison.Ordinal);

    [Fact]
    public void WriteAndRead_AnyRecipe_IsTheSame()
    {
        var yaml = RecipeWriter.ToYaml(Stub.Recipe());
        Assert.Equal(yaml, RecipeWriter.ToYaml(RecipeReader.Parse<MapRecipe>(yaml, "again.yaml", [])));
    }

    [Fact]
    public async Task Lexicon_WordsOfLabels_DecideByNumber()
    {
        LexiconEntryOptions[] entries = [new() { Label = "happy", Words = ["sun", "laugh"] }, new() { Label = "dark", Words = ["night"] }];
        var judge = new LexiconJudgeOptions { Entries = entries }.Create(["happy", "dark", "calm"]);
        var labels = await judge.JudgeAsync([.. new[] { "Sun, and (SUN)! and night", "night; sun", "nothing", "night-sun night" }.Select(text => new JudgeRequest(text, text))], default);
        Assert.Equal(["happy", null, null, "dark"], labels);
        var error = Assert.Throws<InputException>(() => new LexiconJudgeOptions { Entries = entries }.Create(["dark", "hapy"]));
        Assert.Contains("the axis has no label 'happy'. Did you mean 'hapy'?", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(RewardTemplate.Bare, null, "frog")]
    [InlineData(RewardTemplate.Suffix, null, "frog\nRate it.")]
    [InlineData(RewardTemplate.Pair, "Write a", "frog")]
    public void Rewards_Templates_DecideWhatTheModelReads(RewardTemplate template, string? prompt, string completion)
    {
        using var folder = TestFiles.NewFolder();
        var recipe = Stub.Recipe($"rewards[0].template={template.ToString().ToLowerInvariant()}", "rewards[0].suffix=Rate it.");
        var scorer = new StubScorer(_ => 1);
        Stub.Run(recipe, folder, Stub.Parts(recipe, new StubWriter(_ => " frog\n"), scorer));
        Assert.Equal(48, scorer.Requests.Count);
        Assert.All(scorer.Requests, request => Assert.Equal(completion, request.Completion.Text));
        Assert.All(scorer.Requests, request => Assert.Equal(prompt, request.Prompt?.Text[..7]));
    }

    [Fact]
    public void Rewards_PairWithAPromptOfItsOwn_HidesWhatWasAskedFor()
    {
        using var folder = TestFiles.NewFolder();
        var recipe = Stub.Recipe("rewards[0].template=pair", "rewards[0].prompt=Write a poem.");
        var scorer = new StubScorer(_ => 1);
        Stub.Run(recipe, folder, Stub.Parts(recipe, new StubWriter(_ => "frog"), scorer));
        Assert.All(scorer.Requests, request => Assert.Equal("Write a poem.", request.Prompt?.Text));
    }

    [Fact]
    public void Rewards_Several_AreAllRecordedAndTheFirstDecides()
    {
        using var folder = TestFiles.NewFolder();
        var recipe = Stub.Recipe("rewards=[{ kind: reward-model, path: none, name: a }, { kind: reward-model, path: none, name: b }]");
        var parts = Stub.Parts(recipe) with { Rewards = [.. recipe.TextRewards.Select((reward, index) => new MapReward(reward, new StubScorer(text => index == 0 ? Stub.Score(text) : 5)))] };
        var state = Stub.Run(recipe, folder, parts);
        Assert.All(state.Events, one => Assert.Equal([Stub.Score(one.Solution.Text), 5], one.Solution.Rewards));
        Assert.Equal(state.Events.Max(one => one.Solution.Rewards[0]), state.Archive.BestElite!.Objective);
    }
}
