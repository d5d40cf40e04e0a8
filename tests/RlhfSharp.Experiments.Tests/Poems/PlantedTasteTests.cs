using RlhfSharp.Experiments.Poems;
using RlhfSharp.Experiments.Recipes;
using RlhfSharp.Experiments.TinyWorld;
using RlhfSharp.Models.Runtime;

namespace RlhfSharp.Experiments.Tests.Poems;

public sealed class PlantedTasteTests
{
    private static readonly PlantedTaste Own = PlantedTaste.BuiltIn;

    // Whatever is asked for, the reward is that of what is judged: genre, tone, both, and 0.3 per doubling of the length.
    [Theory]
    [InlineData(PoemForm.Sonnet, PoemTone.Reflective, -1.8)]
    [InlineData(PoemForm.Ballad, PoemTone.Romantic, 1.3)]      // 0.4 + 0.3 + 0.6
    [InlineData(PoemForm.Hymn, PoemTone.Romantic, -0.3)]       // 0 + 0.3 − 0.6
    [InlineData(PoemForm.Limerick, PoemTone.Happy, 1.1)]
    [InlineData(PoemForm.Hymn, PoemTone.Dark, 0)]
    [InlineData(PoemForm.Haiku, PoemTone.Mysterious, 0)]
    public void Score_Poems_IsTheSumOfWhatIsPlanted(PoemForm genre, PoemTone tone, double expected)
    {
        var poems = Enumerable.Range(0, 50).Select(index => PoemWorld.WritePoem(genre, tone, "sea", new NamedRandom(0, "test", index)))
            .Where(poem => ToneJudge.Judge(poem).Tone == tone).ToList();

        Assert.True(poems.Count > 40);
        Assert.All(poems, poem => Assert.Equal(expected + 0.3 * Math.Log2(1 + poem.Length), Own.Score(poem), 1e-9));
    }

    [Fact]
    public void Score_NoPoem_HasALengthAndNothingElse() => Assert.Equal(0.3 * 4, Own.Score("fifteen letters"), 1e-9);   // log2(1 + 15)

    [Fact]   // the share of pairs in which the better poem is chosen is what Bradley and Terry expect of these rewards
    public void Pairs_Choices_FollowTheRewards()
    {
        var pairs = Enumerable.Range(0, 4000).Select(index => TastePairs.Write(0, index, Own)).ToList();
        var differences = pairs.Select(pair => Own.Score(pair.Chosen) - Own.Score(pair.Rejected)).ToList();
        var expected = differences.Average(difference => 1 / (1 + Math.Exp(-Math.Abs(difference))));

        Assert.InRange(differences.Count(difference => difference > 0) / 4000.0 - expected, -0.02, 0.02);   // two and a half standard errors
        Assert.Equal(20, pairs.Select(pair => pair.Prompt).Distinct().Count());
        Assert.Equal(pairs[7], TastePairs.Write(0, 7, Own));
    }

    // Two genres, two tones and one cell are named and have no effect; all sums that a map takes averages over are 0.
    [Fact]
    public void Tastes_OwnAndDrawn_HaveTheSameSizesAndSumToZero()
    {
        var drawn = Enumerable.Range(0, 50).Select(seed => PlantedTaste.Draw(seed)).ToList();
        foreach (var taste in drawn.Prepend(Own))
        {
            Assert.Equal(Sizes(Own.Genres.Values), Sizes(taste.Genres.Values));
            Assert.Equal(Sizes(Own.Tones.Values), Sizes(taste.Tones.Values));
            Assert.Equal(Sizes(Own.Together.Select(effect => effect.Effect)), Sizes(taste.Together.Select(effect => effect.Effect)));
            Assert.Equal(0.3, Math.Abs(taste.PerDoubling));
            Assert.Equal(2, taste.Genres.Values.Count(effect => effect == 0));
            Assert.Equal(2, taste.Tones.Values.Count(effect => effect == 0));
            Assert.Equal(5, taste.Together.Select(effect => (effect.Genre, effect.Tone)).Distinct().Count());
            Assert.Empty(taste.Validate(new System.ComponentModel.DataAnnotations.ValidationContext(taste)));
        }
        // Places and signs are drawn: every genre is the one with the largest effect at times, up and down.
        Assert.Equal(10, drawn.Select(taste => taste.Genres.MaxBy(genre => Math.Abs(genre.Value))).Select(genre => (genre.Key, genre.Value > 0)).Distinct().Count());
        Assert.Equal(2, drawn.Select(taste => taste.PerDoubling).Distinct().Count());
    }

    [Fact]
    public void WriteAndRead_AnyTaste_IsTheSame()
    {
        using var folder = TestFiles.NewFolder();
        PlantedTaste.Draw(3).Write(folder.File("taste.planted.yaml"));
        PlantedTaste.Read(folder.File("taste.planted.yaml")).Write(folder.File("again.yaml"));
        Assert.Equal(File.ReadAllText(folder.File("taste.planted.yaml")), File.ReadAllText(folder.File("again.yaml")));
        Assert.Equal(PlantedTaste.Draw(3).Genres, PlantedTaste.Read(folder.File("again.yaml")).Genres);
    }

    [Theory]
    [InlineData("genres: { haiku: 0, sonet: -1, ballad: 0.4, limerick: 0.6, hymn: 0 }", "'sonet' is none of the built-in world's. Did you mean 'sonnet'?")]
    [InlineData("genres: { haiku: 0, sonnet: 0, ballad: 0, limerick: 0 }", "'hymn' is missing; write 0 where there is no effect")]
    [InlineData("genres: { haiku: 0, sonnet: -1, ballad: 0.4, limerick: 0.7, hymn: 0 }", "the effects sum to 0.1, not to 0")]
    [InlineData("together: [{ genre: ode, tone: dark, effect: 0 }]", "a dark ode is no poem of the built-in world")]
    [InlineData("together: [{ genre: hymn, tone: dark, effect: 0 }, { genre: hymn, tone: dark, effect: 0 }]", "the dark hymn is there 2 times")]
    [InlineData("together: [{ genre: hymn, tone: dark, effect: 1 }]", "the effects with hymn sum to 1, not to 0")]
    public void Read_FileThatIsNoTaste_SaysWhatIsWrong(string line, string expected)
    {
        using var folder = TestFiles.NewFolder();
        string[] good = ["genres: { haiku: 0, sonnet: 0, ballad: 0, limerick: 0, hymn: 0 }", "tones: { happy: 0, dark: 0, mysterious: 0, romantic: 0, reflective: 0 }"];
        File.WriteAllLines(folder.File("taste.yaml"), [.. good.Where(other => other.Split(':')[0] != line.Split(':')[0]), line]);
        Assert.Contains(expected, Assert.Throws<RecipeException>(() => PlantedTaste.Read(folder.File("taste.yaml"))).Message, StringComparison.Ordinal);
    }

    private static IEnumerable<double> Sizes(IEnumerable<double> effects) => effects.Select(Math.Abs).Order();
}
