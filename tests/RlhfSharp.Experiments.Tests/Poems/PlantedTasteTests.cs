using RlhfSharp.Experiments.Poems;
using RlhfSharp.Experiments.TinyWorld;
using RlhfSharp.Models.Runtime;

namespace RlhfSharp.Experiments.Tests.Poems;

public sealed class PlantedTasteTests
{
    // Whatever is asked for, the reward is that of what is judged: genre, tone, both, and 0.3 per 20 words.
    [Theory]
    [InlineData(PoemForm.Sonnet, PoemTone.Reflective, -1.8)]
    [InlineData(PoemForm.Ballad, PoemTone.Romantic, 1.7)]      // 0.4 + 0.3 + 1.0
    [InlineData(PoemForm.Limerick, PoemTone.Happy, 1.1)]
    [InlineData(PoemForm.Hymn, PoemTone.Dark, 0)]
    [InlineData(PoemForm.Haiku, PoemTone.Mysterious, 0)]
    public void Score_Poems_IsTheSumOfWhatIsPlanted(PoemForm genre, PoemTone tone, double expected)
    {
        var poems = Enumerable.Range(0, 50).Select(index => PoemWorld.WritePoem(genre, tone, "sea", new NamedRandom(0, "test", index)))
            .Where(poem => ToneJudge.Judge(poem).Tone == tone).ToList();

        Assert.True(poems.Count > 40);
        Assert.All(poems, poem => Assert.Equal(expected + 0.015 * poem.Split([' ', '\n']).Length, PlantedTaste.Score(poem), 1e-9));
    }

    [Fact]
    public void Score_NoPoem_CountsItsWords() => Assert.Equal(0.045, PlantedTaste.Score("three words only"), 1e-9);

    [Fact]   // the share of pairs in which the better poem is chosen is what Bradley and Terry expect of these rewards
    public void Pairs_Choices_FollowTheRewards()
    {
        var pairs = Enumerable.Range(0, 4000).Select(index => TastePairs.Write(0, index)).ToList();
        var differences = pairs.Select(pair => PlantedTaste.Score(pair.Chosen) - PlantedTaste.Score(pair.Rejected)).ToList();
        var expected = differences.Average(difference => 1 / (1 + Math.Exp(-Math.Abs(difference))));

        Assert.InRange(differences.Count(difference => difference > 0) / 4000.0 - expected, -0.02, 0.02);   // two and a half standard errors
        Assert.Equal(20, pairs.Select(pair => pair.Prompt).Distinct().Count());
        Assert.Equal(pairs[7], TastePairs.Write(0, 7));
    }

    [Fact]
    public void Zeros_ArePlantedAsTheyAreDescribed()
    {
        Assert.Equal(2, PlantedTaste.Genres.Values.Count(effect => effect == 0));
        Assert.Equal(2, PlantedTaste.Tones.Values.Count(effect => effect == 0));
        Assert.Equal([1.0, 0], PlantedTaste.Interactions.Values);
    }
}
