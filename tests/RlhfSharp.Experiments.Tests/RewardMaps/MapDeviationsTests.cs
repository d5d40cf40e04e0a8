using RlhfSharp.Experiments.RewardMaps;
using RlhfSharp.Models.Runtime;
using RlhfSharp.Training.Metrics;

namespace RlhfSharp.Experiments.Tests.RewardMaps;

public sealed class MapDeviationsTests
{
    // Means of the six cells: haiku 1, 2, 3 and sonnet 5, 2, 5. Rows 2 and 4, all 3, columns 3, 2, 4; a happy haiku is 1 − 2 − 3 + 3 = −1, a dark one 2 − 2 − 2 + 3 = 1, a calm one 3 − 2 − 4 + 3 = 0.
    [Fact]
    public void Deviations_RewardByCell_AreWorkedOutByHand()
    {
        var rewards = new Dictionary<string, double>
        {
            ["happy haiku"] = 1,
            ["dark haiku"] = 2,
            ["calm haiku"] = 3,
            ["happy sonnet"] = 5,
            ["dark sonnet"] = 2,
            ["calm sonnet"] = 5,
        };
        var deviations = MapDeviations.Of([Search(1, (asked, _, _) => rewards[asked])], isLengthEqual: false);

        Assert.Equal(["genre+tone/haiku+happy", "genre+tone/haiku+dark", "genre+tone/haiku+calm", "genre+tone/sonnet+happy", "genre+tone/sonnet+dark", "genre+tone/sonnet+calm"], deviations.Together.Select(one => one.Name));
        double[] expected = [-1, 1, 0, 1, -1, 0];
        Assert.All(deviations.Together.Zip(expected), pair => Assert.Equal(pair.Second, pair.First.Value, 1e-9));
        Assert.All(deviations.Together.Zip(expected), pair => Assert.Equal(pair.Second != 0, pair.First.Holds));
        Assert.Null(deviations.Length);
    }

    // 2 for sonnets, 0 for haiku: one above the average and one below it.
    [Fact]
    public void Deviations_RewardByGenre_AreAboutTheAverageGenre()
    {
        var deviations = MapDeviations.Of([Search(1, (asked, _, random) => (asked.EndsWith("sonnet", StringComparison.Ordinal) ? 2 : 0) + 0.1 * random.NextGaussian())], isLengthEqual: false);
        Assert.Equal(["genre/haiku", "genre/sonnet", "tone/happy", "tone/dark", "tone/calm"], deviations.Labels.Select(one => one.Name));
        Assert.Equal(-1, deviations.Labels[0].Value, 0.05);
        Assert.Equal(1, deviations.Labels[1].Value, 0.05);
        Assert.Equal([true, true, false, false, false], deviations.Labels.Select(one => one.Holds));
        Assert.DoesNotContain(deviations.Together, one => one.Holds);
    }

    // Sonnets are longer, and only length is rewarded: 0.3 for twice as much.
    [Fact]
    public void Deviations_RewardOfLength_IsThatOfLengthAlone()
    {
        var search = Search(2, (_, text, random) => 0.3 * Math.Log2(1 + text.Length) + 0.01 * random.NextGaussian());
        var (asTheyAre, lengthEqual) = (MapDeviations.Of([search], isLengthEqual: false), MapDeviations.Of([search], isLengthEqual: true));
        Assert.All(asTheyAre.Labels.Take(2), one => Assert.True(one.Holds));
        Assert.DoesNotContain(lengthEqual.Labels, one => one.Holds);
        Assert.True(lengthEqual.Length!.Holds);
        Assert.True(lengthEqual.Length.Interval.Contains(0.3));
    }

    [Fact]
    public void Deviations_SeveralSeeds_TheSeedsAreTheSample()
    {
        var seeds = Enumerable.Range(0, 4).Select(seed => Search(seed, (asked, _, random) => (asked == "dark sonnet" ? 1 : 0) + random.NextGaussian())).ToList();
        var each = seeds.ConvertAll(seed => MapDeviations.Of([seed], isLengthEqual: false).Together.Single(one => one.Name == "genre+tone/sonnet+dark").Value);
        var together = MapDeviations.Of(seeds, isLengthEqual: false).Together.Single(one => one.Name == "genre+tone/sonnet+dark");
        Assert.Equal(each.Average(), together.Value, 1e-12);
        Assert.Equal(Statistics.StudentT([.. each]).Low, together.Interval.Low, 1e-9);
    }

    // Calm poems are never sonnets: what is left is the table of the other tones, or of haiku alone, which is none.
    [Fact]
    public void Together_EmptyCell_LeavesTheTableThatIsFilled()
    {
        var search = Search(1, (_, _, random) => random.NextGaussian(), genre => genre, (genre, tone) => genre == "sonnet" && tone == "calm" ? "dark" : tone);
        var names = MapDeviations.Of([search], isLengthEqual: false).Together.Select(one => one.Name);
        Assert.Equal(["genre+tone/haiku+happy", "genre+tone/haiku+dark", "genre+tone/sonnet+happy", "genre+tone/sonnet+dark"], names);
    }

    // Rewards of nothing but noise, half of it shared by lines of one to three texts: at most 5% of maps claim any of six cells, and 95% of the intervals of a cell hold 0.
    [Fact]
    public void Together_SimulatedLines_CoverTheTruthAndRarelyClaimWhatIsNot()
    {
        const int Maps = 300;
        var recipe = Stub.Recipe();
        var (covered, claimed) = (0, 0);
        for (var map = 0; map < Maps; map++)
        {
            var deviations = MapDeviations.Of([Noise(recipe, map)], isLengthEqual: true).Together;
            covered += deviations[0].Interval.Contains(0) ? 1 : 0;
            claimed += deviations.Any(one => one.Holds) ? 1 : 0;
        }
        Assert.InRange(covered, 273, 297);   // 285 ± 4 if exact
        Assert.InRange(claimed, 0, 27);      // at most 15 ± 4
    }

    // 90 lines of descent, written straight into a state: no files, no models.
    private static MapSummary Noise(MapRecipe recipe, long seed)
    {
        var random = new NamedRandom(seed, "noise");
        var texts = new List<MapSolution>();
        for (var line = 0; line < 90; line++)
        {
            var (shared, parent) = (random.NextGaussian(), texts.Count);
            for (var text = 1 + random.Next(3); text > 0; text--)
            {
                string?[] labels = [random.Next(2) == 0 ? "haiku" : "sonnet", random.Next(3) switch { 0 => "happy", 1 => "dark", _ => "calm" }];
                texts.Add(new MapSolution
                {
                    Id = texts.Count,
                    Step = 0,
                    Operator = "random",
                    Parents = texts.Count == parent ? [] : [parent],
                    Requested = labels,
                    Judged = [null, null],
                    PromptHash = string.Empty,
                    Text = new string('x', 20 + random.Next(40)),
                    Rewards = [shared + random.NextGaussian()],
                });
            }
        }
        var state = new MapState(recipe);
        state.Commit(texts);
        return new MapSummary(recipe, state, seed);
    }

    // 240 texts, 160 of them without a parent. What is asked for is what is found, unless told otherwise.
    private static MapSummary Search(
        long seed, Func<string, string, NamedRandom, double> reward, Func<string, string>? genre = null, Func<string, string, string>? tone = null)
    {
        var recipe = Stub.Recipe("totalSteps=60", "startSteps=40", "labelMode=judged", "axes[1].judge={ kind: lexicon, entries: [{ label: happy, words: [sun] }, { label: dark, words: [night] }, { label: calm, words: [rain] }] }");
        using var folder = new TemporaryFolder("deviations");
        var (words, asked) = (new Dictionary<string, string> { ["happy"] = "sun", ["dark"] = "night", ["calm"] = "rain" }, new Dictionary<string, string>());
        var writer = new StubWriter(request =>
        {
            var wanted = request.Prompt.Split('|')[^1].Split(" a ")[^1].TrimEnd('.').Split(' ');
            var labels = (Genre: genre?.Invoke(wanted[1]) ?? wanted[1], Tone: tone?.Invoke(wanted[1], wanted[0]) ?? wanted[0]);
            var text = $"{(labels.Genre == "haiku" ? "frog" : "thou and more")} {words[labels.Tone]} {new string('x', 5 + (int)(request.Number * 7 % 40))} {request.Number}";
            asked[text] = $"{labels.Tone} {labels.Genre}";
            return text;
        });
        var parts = Stub.Parts(recipe, writer, new StubScorer(text => reward(asked[text], text, new NamedRandom(seed, text))));
        return new MapSummary(recipe, new MapRun(recipe, seed, folder.Path, parts).RunAsync(null, CancellationToken.None).GetAwaiter().GetResult(), seed);
    }
}
