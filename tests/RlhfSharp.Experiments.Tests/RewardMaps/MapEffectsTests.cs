using RlhfSharp.Experiments.RewardMaps;
using RlhfSharp.Models.Runtime;
using RlhfSharp.Training.Metrics;

namespace RlhfSharp.Experiments.Tests.RewardMaps;

public sealed class MapEffectsTests
{
    private const int DataSets = 1000;

    // Two columns, ones and x = 0, 0, 1, 1 with values 1, 3, 4, 8: means 2 and 6, so the coefficients are 2 and 4. Every row a cluster: residuals -1, 1, -2, 2; the two means
    // have variances (1 + 1)/4 and (4 + 4)/4, together 2.5; times n/(n - 1) · (n - 1)/(n - 2) = 2: the standard error is √5.
    [Fact]
    public void Regression_FourRows_IsWorkedOutByHand()
    {
        var fit = ClusteredRegression.Fit([[1, 0], [1, 0], [1, 1], [1, 1]], [1, 3, 4, 8], [0, 1, 2, 3])!;
        Assert.Equal(2, fit.Coefficients[0], 1e-12);
        Assert.Equal(4, fit.Coefficients[1], 1e-12);
        Assert.Equal(Math.Sqrt(5), fit.StandardError([0, 1]), 1e-12);
        Assert.Null(ClusteredRegression.Fit([[1, 1], [1, 1], [1, 1], [1, 1]], [1, 2, 3, 4], [0, 1, 2, 3]));   // the columns are the same
    }

    // Of 0.05 in three hypotheses the least likely must lie below 0.05 / 3, the next below 0.05 / 2, the last below 0.05.
    [Theory]
    [InlineData(0.01, 0.02, 0.03, true, true, true)]
    [InlineData(0.01, 0.02, 0.1, true, true, false)]
    [InlineData(0.03, 0.01, 0.02, true, true, true)]
    [InlineData(0.01, 0.03, 0.03, true, false, false)]
    [InlineData(0.02, 0.02, 0.02, false, false, false)]
    public void Holm_Chances_AreDecidedFromTheSmallestUp(double a, double b, double c, bool first, bool second, bool third) =>
        Assert.Equal([first, second, third], Holm.Decide([a, b, c]));

    // The mean of 5 rows among 100 others rests on 5 clusters of one row each, whatever else there is: 4 degrees of freedom.
    [Fact]
    public void Regression_Degrees_AreThoseOfWhatTheEstimateRestsOn()
    {
        double[][] rows = [.. Enumerable.Range(0, 105).Select(row => (double[])[row < 5 ? 1 : 0, row < 5 ? 0 : 1])];
        double[] values = [.. rows.Select((_, row) => (double)(row * 7 % 11))];
        var single = ClusteredRegression.Fit(rows, values, [.. rows.Select((_, row) => (long)row)])!;
        Assert.Equal(4, single.Degrees([1, 0]), 1e-9);
        Assert.Equal(99, single.Degrees([0, 1]), 1e-9);
        // Rows 0 and 1 are one cluster: shares 2, 1, 1, 1, so 5² / (4 + 1 + 1 + 1) − 1 = 18/7.
        var joined = ClusteredRegression.Fit(rows, values, [.. rows.Select((_, row) => (long)Math.Max(row, 1))])!;
        Assert.Equal(18 / 7.0, joined.Degrees([1, 0]), 1e-9);
    }

    // 0.05 in three hypotheses: 0.0166…, 0.025, 0.05.
    [Theory]
    [InlineData(0.001, 0.02, 0.04, true, true, true)]
    [InlineData(0.02, 0.001, 0.06, true, true, false)]
    [InlineData(0.02, 0.02, 0.02, false, false, false)]
    [InlineData(0, 1, 0.03, true, false, false)]
    public void Holm_PValues_AreDecidedFromTheSmallestUp(double a, double b, double c, bool first, bool second, bool third) => Assert.Equal([first, second, third], Holm.Decide([a, b, c]));

    [Fact]
    public void Effects_ConstantReward_AreZeroAndNothingIsClaimed()
    {
        var effects = MapEffects.Of([Search(3, (_, _, _) => 0.1)], isLengthEqual: false);
        Assert.All(effects.Contrasts, contrast => Assert.True(Math.Abs(contrast.Difference) < 1e-12 && contrast.Interval.High - contrast.Interval.Low < 1e-9 && !contrast.IsSeparated));
        Assert.Equal(["genre: not separated at this budget", "tone: not separated at this budget"], effects.Conclusions());
    }

    [Fact]
    public void Effects_AxesThatNeverVaryApart_AreSaidNotToBeComparable()
    {
        using var folder = TestFiles.NewFolder();
        var recipe = Stub.Recipe("labelMode=judged");
        var state = Stub.Run(recipe, folder, Stub.Parts(recipe, write: request => request.Number % 2 == 0 ? "thou night" : "frog sun"));   // dark sonnets and happy haiku only
        Assert.All(MapEffects.Of([new MapSummary(recipe, state, 7)], isLengthEqual: false).Conclusions(), claim => Assert.Contains("cannot be compared", claim, StringComparison.Ordinal));
    }

    // Sonnets are longer, and only length is rewarded.
    [Fact]
    public void Effects_LengthOnly_AreGoneWithLengthHeldEqual()
    {
        var search = Search(5, (text, _, _) => Math.Log(1 + text.Length));
        Assert.Contains("genre: haiku is lowest, sonnet is highest", MapEffects.Of([search], isLengthEqual: false).Conclusions());
        Assert.Contains("genre: not separated at this budget", MapEffects.Of([search], isLengthEqual: true).Conclusions());
    }

    [Fact]
    public void Effects_PlantedBonus_IsFoundAndTheInteractionToo()
    {
        var planted = Search(1, (_, request, random) => (request.Contains("sonnet", StringComparison.Ordinal) ? 1 : 0) + 0.3 * random.NextGaussian());
        Assert.Contains("genre: haiku is lowest, sonnet is highest", MapEffects.Of([planted], isLengthEqual: false).Conclusions());
        Assert.InRange(Interaction.Share(planted)!.Value, 0, 0.02);

        var crossed = Search(1, (_, request, _) => request.Contains("dark sonnet", StringComparison.Ordinal) || request.Contains("calm haiku", StringComparison.Ordinal) ? 1 : 0);
        Assert.InRange(Interaction.Share(crossed)!.Value, 0.5, 1);
    }

    [Fact]
    public void Effects_SeveralSeeds_TheSeedsAreTheSample()
    {
        var seeds = Enumerable.Range(0, 4).Select(seed => Search(seed, (_, request, random) => (request.Contains("sonnet", StringComparison.Ordinal) ? 1 : 0) + random.NextGaussian())).ToList();
        var each = seeds.ConvertAll(seed => MapEffects.Of([seed], isLengthEqual: false).Contrasts[0].Difference);
        var together = MapEffects.Of(seeds, isLengthEqual: false).Contrasts[0];
        Assert.Equal(each.Average(), together.Difference, 1e-12);
        Assert.Equal(Statistics.StudentT([.. each]).Low, together.Interval.Low, 1e-9);
    }

    // 40 lines of 1 to 8 texts each that share half of their variance, three labels without an effect on the mean but one of +0.5.
    [Fact]
    public void Contrasts_SimulatedLines_CoverTheTruthAndRarelyClaimWhatIsNot()
    {
        var (covered, falseClaims) = (0, 0);
        for (var data = 0; data < DataSets; data++)
        {
            var random = new NamedRandom(data, "lines");
            var (rows, values, clusters) = (new List<double[]>(), new List<double>(), new List<long>());
            for (var line = 0; line < 40; line++)
            {
                var shared = random.NextGaussian();
                for (var text = 1 + random.Next(8); text > 0; text--)
                {
                    var label = random.Next(4);
                    rows.Add([1, label == 1 ? 1 : 0, label == 2 ? 1 : 0, label == 3 ? 1 : 0]);
                    values.Add((label == 1 ? 0.5 : 0) + shared + random.NextGaussian());
                    clusters.Add(line);
                }
            }
            var fit = ClusteredRegression.Fit(rows, values, clusters)!;
            double[][] pairs = [[0, 0, 1, 0], [0, 0, 0, 1], [0, 0, 1, -1]];   // all truly 0
            covered += Decide(fit, [0, 1, 0, 0])[0].Interval.Contains(0.5) ? 1 : 0;
            falseClaims += Decide(fit, pairs).Any(one => one.Holds) ? 1 : 0;
        }
        Assert.InRange(covered, 925, 975);        // 95% of 1,000 are 950 ± 7; standard errors from 40 lines come out a little small
        Assert.InRange(falseClaims, 0, 75);       // at most 5% are 50 ± 7, and a little more for the same reason
    }

    // One calm text among many others: what it leaves unexplained is 0 by construction, and its standard error too.
    [Fact]
    public void Effects_LabelWithFewLines_IsNotComparedAndNamed()
    {
        using var folder = TestFiles.NewFolder();
        var recipe = Stub.Recipe("labelMode=judged", "axes[1].judge={ kind: lexicon, entries: [{ label: happy, words: [sun] }, { label: dark, words: [night] }, { label: calm, words: [rain] }] }");
        var parts = Stub.Parts(recipe, write: request =>
        {
            var tone = request.Number == 5 ? "rain" : new NamedRandom(2, "tone", request.Number).Next(2) == 0 ? "sun" : "night";
            var genre = new NamedRandom(2, "genre", request.Number).Next(2) == 0 ? "frog" : "thou";
            return $"{genre} {tone} {request.Number}";
        });
        var summary = new MapSummary(recipe, Stub.Run(recipe, folder, parts), 7);

        var effects = MapEffects.Of([summary], isLengthEqual: false);

        Assert.DoesNotContain(effects.Contrasts, contrast => contrast.First == "calm" || contrast.Second == "calm");
        Assert.EndsWith(" among happy, dark (too few independent texts: calm)", effects.Conclusions().Single(claim => claim.StartsWith("tone:", StringComparison.Ordinal)), StringComparison.Ordinal);
    }

    // Nothing has an effect, and one of three labels has as few lines as are compared at all.
    [Fact]
    public void Contrasts_TenLinesOfALabel_AreRarelySeparatedWithoutCause()
    {
        var falseClaims = 0;
        for (var data = 0; data < DataSets; data++)
        {
            var random = new NamedRandom(data, "few lines");
            var (rows, values, clusters) = (new List<double[]>(), new List<double>(), new List<long>());
            for (var line = 0; line < 110; line++)
            {
                var label = line < 10 ? 2 : line % 2;
                rows.Add([1, label == 1 ? 1 : 0, label == 2 ? 1 : 0]);
                values.Add(random.NextGaussian());
                clusters.Add(line);
            }
            var fit = ClusteredRegression.Fit(rows, values, clusters)!;
            falseClaims += Decide(fit, [0, 1, 0], [0, 0, 1], [0, 1, -1]).Any(one => one.Holds) ? 1 : 0;
        }
        Assert.InRange(falseClaims, 0, 75);
    }

    private static IReadOnlyList<(double Value, Interval Interval, bool Holds)> Decide(ClusteredRegression fit, params double[][] weights) =>
        JointTest.Decide([.. weights.Select(one => (IReadOnlyList<FitEstimate>)[fit.Estimate(one)])], largest: 1);

    // A search whose haiku have 20 letters or so and whose sonnets have 60.
    private static MapSummary Search(long seed, Func<string, string, NamedRandom, double> reward)
    {
        var recipe = Stub.Recipe("totalSteps=60", "startSteps=40", "axes[0].judge=null", "axes[1].judge=null");
        using var folder = new TemporaryFolder("effects");
        var requests = new Dictionary<string, string>();
        var writer = new StubWriter(request =>
        {
            var asked = Asked(request.Prompt);
            var text = $"{request.Number} {new string('x', (asked.Contains("sonnet", StringComparison.Ordinal) ? 60 : 20) + (int)(request.Number % 7))}";
            requests[text] = request.Prompt;
            return text;
        });
        var scorer = new StubScorer(text => reward(text, Asked(requests[text]), new NamedRandom(seed, text)));
        var state = new MapRun(recipe, seed, folder.Path, Stub.Parts(recipe, writer, scorer, judges: false)).RunAsync(null, CancellationToken.None).GetAwaiter().GetResult();
        return new MapSummary(recipe, state, seed);
    }

    // What a prompt asks for, behind the parent's text and labels: for instance "dark sonnet.".
    private static string Asked(string prompt) => prompt.Split('|')[^1].Split(" a ")[^1];
}
