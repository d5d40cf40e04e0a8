using System.Text.Json;
using RlhfSharp.Models.Generation;
using static TorchSharp.torch;

namespace RlhfSharp.Models.Tests.Generation;

[NoTensorLeak]
public sealed class LogitsProcessorTests
{
    [Fact]
    public void TopK_Ties_AreKeptAsInTrlx()
    {
        using var scope = NewDisposeScope();
        using var fixture = JsonDocument.Parse(File.ReadAllText(Path.Combine(TestFiles.Fixtures, "losses", "trlx_ilql_loss.json")));
        var golden = fixture.RootElement.GetProperty("topk_mask");
        var scores = golden.GetProperty("xs").EnumerateArray().SelectMany(row => row.EnumerateArray()).Select(value => value.GetSingle()).ToArray();
        var kept = golden.GetProperty("kept").EnumerateArray().SelectMany(row => row.EnumerateArray()).Select(value => value.GetInt32() == 1)
            .ToArray();

        var result = Apply(new TopKProcessor(golden.GetProperty("k").GetInt32()), scores, rows: 2);

        Assert.Equal(scores.Zip(kept, (score, isKept) => isKept ? score : float.NegativeInfinity), result);
    }

    [Theory]
    [InlineData(5)]
    [InlineData(1000)]
    public void TopK_AllOfTheVocabulary_ChangesNothing(int k) => Assert.Equal([3f, 1, 2, 0, -1], Apply(new TopKProcessor(k), [3, 1, 2, 0, -1]));

    // Probabilities 0.1, 0.5, 0.3, 0.1 of tokens 0 to 3.
    [Theory]
    [InlineData(1e-9, 1)]                  // the likeliest is always kept
    [InlineData(0.49, 1)]
    [InlineData(0.51, 1, 2)]
    [InlineData(0.79, 1, 2)]
    [InlineData(0.85, 0, 1, 2)]            // of two tokens alike one suffices
    [InlineData(0.95, 0, 1, 2, 3)]
    [InlineData(1, 0, 1, 2, 3)]
    public void TopP_FourTokens_KeepsTheFewestThatReachIt(double p, params int[] kept)
    {
        float[] scores = [.. new[] { 0.1, 0.5, 0.3, 0.1 }.Select(probability => (float)Math.Log(probability) + 4)];

        var result = Apply(new TopPProcessor(p), scores);

        Assert.Equal(kept.Length, result.Count(float.IsFinite));
        Assert.All(result.Index().Where(row => float.IsFinite(row.Item)), row => Assert.Equal(scores[row.Index], row.Item));
        Assert.All(kept.Where(token => token is 1 or 2), token => Assert.True(float.IsFinite(result[token])));
    }

    [Fact]
    public void TopP_AfterTopK_CountsTheKeptTokensOnly()
    {
        float[] scores = [.. new[] { 0.4, 0.4, 0.2 }.Select(probability => (float)Math.Log(probability))];
        using var scope = NewDisposeScope();
        var two = tensor(scores, [1, 3]).masked_fill(tensor(new[] { false, false, true }, [1, 3]), double.NegativeInfinity);

        // Among two alike each has one half: 0.45 needs one, where 0.4 of the whole would have asked for both.
        Assert.Equal(1, new TopPProcessor(0.45).Process(two, two, two).data<float>().ToArray().Count(float.IsFinite));
    }

    // Probabilities 0.1, 0.5, 0.3, 0.1 of tokens 0 to 3.
    [Theory]
    [InlineData(0.19, 0, 1, 2, 3)]
    [InlineData(0.21, 1, 2)]
    [InlineData(0.61, 1)]
    [InlineData(1, 1)]
    public void MinP_FourTokens_KeepsThoseNearTheLikeliest(double p, params int[] kept)
    {
        float[] scores = [.. new[] { 0.1, 0.5, 0.3, 0.1 }.Select(probability => (float)Math.Log(probability) + 4)];

        var result = Apply(new MinPProcessor(p), scores);

        Assert.Equal(kept, result.Index().Where(row => float.IsFinite(row.Item)).Select(row => row.Index));
        Assert.All(kept, token => Assert.Equal(scores[token], result[token]));
    }

    [Fact]
    public void RepetitionPenalty_TokensThatAreThere_LoseOnceHoweverOftenTheyStand()
    {
        using var scope = NewDisposeScope();
        var scores = tensor(new float[] { 4, -4, 0, 4, 2, -2 }, [2, 3]);

        var result = RepetitionPenalty.Apply(scores, [[0, 1, 0], [2]], penalty: 2);

        Assert.Equal([2, -8, 0, 4, 2, -4], result.data<float>().ToArray());
    }

    [Theory]
    [InlineData(2)]
    [InlineData(3)]    // tokens 1 and 2 tie at the border, so four are kept
    [InlineData(4)]
    [InlineData(6)]
    public void Candidates_Best_AreWhatTopKLeaves(int k)
    {
        using var scope = NewDisposeScope();
        var scores = tensor(new float[] { 5, 2, 2, -1, 7, 0, 6, 1, 4, 3, -2, 8 }, [2, 6]);

        var candidates = Candidates.Best(scores, k);

        var ids = candidates.Ids ?? arange(6).unsqueeze(0).expand(2, 6);
        var spread = full_like(scores, double.NegativeInfinity).scatter(1, ids, candidates.Scores);
        Assert.Equal(new TopKProcessor(k).Process(scores, scores, scores).data<float>(), spread.data<float>());
        Assert.Equal(ids.sort(1).Values.data<long>(), ids.contiguous().data<long>());   // draws are looked up in the order of ids
    }

    [Fact]
    public void Temperature_Half_DoublesScores() => Assert.Equal([2f, -4, 0], Apply(new TemperatureProcessor(0.5), [1, -2, 0]));

    private static float[] Apply(ILogitsProcessor processor, float[] scores, int rows = 1)
    {
        using var scope = NewDisposeScope();
        var given = tensor(scores, [rows, scores.Length / rows]);
        return processor.Process(given, hidden: given, lastTokens: given).data<float>().ToArray();
    }
}
