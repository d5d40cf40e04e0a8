using System.Text.Json;
using RlhfSharp.Training.Data;
using RlhfSharp.Training.Objectives;
using TorchSharp;
using static TorchSharp.torch;

namespace RlhfSharp.Training.Tests.Objectives;

/// <summary>The loss against trlX's own code, on given logits, Q and V.</summary>
[NoTensorLeak]
public sealed class IlqlTests
{
    private static readonly JsonElement Golden = GoldenSamples.Open("losses", "trlx_ilql_loss.json");

    public static TheoryData<int> Cases() => [.. Enumerable.Range(0, Golden.GetProperty("cases").GetArrayLength())];

    [Theory]
    [MemberData(nameof(Cases))]
    public void Loss_GivenLogits_EqualsTrlx(int index)
    {
        var golden = Golden.GetProperty("cases")[index];
        var options = Options(golden.GetProperty("config"));
        using var scope = NewDisposeScope();
        var batch = DialogueBatch.Collate(Dialogues(), CPU);
        var (logits, qs, vs) = (Padded(Golden.GetProperty("logits")), Golden.GetProperty("qs").EnumerateArray().Select(Padded).ToList(), Padded(Golden.GetProperty("vs")));
        var vocabulary = logits.size(2);

        // Through the one projection: features are logits, the weight is the identity.
        TokenScores Score(Tensor padded, Tensor indices) =>
            OutputProjection.Score(padded.reshape(-1, vocabulary).index_select(0, indices), eye(vocabulary), null, batch.ActionTokens);
        var atPositions = FlatIndices(batch, slot => slot.Position, (int)logits.size(1));
        var atActions = FlatIndices(batch, slot => slot.Action, (int)qs[0].size(1));
        var q = qs.Take(options.TwoQs ? 2 : 1).Select(padded => Score(padded, atActions)).ToList();
        var targets = Golden.GetProperty("target_qs").EnumerateArray().Take(q.Count).Select(padded => Score(Padded(padded), atActions).Taken.detach()).Aggregate(minimum);
        var values = vs.reshape(-1).index_select(0, StateIndices(batch, (int)vs.size(1)));

        var output = Ilql.Loss(new IlqlInputs(Score(logits, atPositions).LogProbs, q, targets, values), batch.Actions, options);
        (output.LossSum / batch.ActionTokens.size(0)).backward();

        AssertClose(golden.GetProperty("loss").GetDouble(), (output.LossSum / batch.ActionTokens.size(0)).ToDouble(), 1e-5);
        var totals = new MetricTotals();
        using (NewDisposeScope())
        {
            totals.Add(output.Metrics);
        }
        var metrics = totals.ToHost();
        foreach (var stat in golden.GetProperty("stats").EnumerateObject())
        {
            AssertClose(stat.Value.GetDouble(), metrics[stat.Name], 1e-5, stat.Name);
        }
        AssertGradient(golden.GetProperty("grad_logits"), logits);
        AssertGradient(golden.GetProperty("grad_vs"), vs);
        for (var i = 0; i < q.Count; i++)
        {
            AssertGradient(golden.GetProperty("grad_qs")[i], qs[i]);
        }
    }

    [Fact]
    public void Collate_Samples_HaveTrlxIndices()
    {
        using var scope = NewDisposeScope();
        var batch = DialogueBatch.Collate(Dialogues(), CPU);
        var expected = Golden.GetProperty("batch");
        var dones = expected.GetProperty("dones").EnumerateArray().Select(GoldenSamples.Integers).ToList();
        var starts = batch.Lengths.Select((_, row) => batch.Lengths.Take(row).Sum()).ToList();

        var actions = expected.GetProperty("actions_ixs").EnumerateArray().SelectMany((row, i) => GoldenSamples.Integers(row).Take(dones[i].Sum()).Select(ix => (long)starts[i] + ix));
        var states = expected.GetProperty("states_ixs").EnumerateArray().SelectMany((row, i) => GoldenSamples.Integers(row).Take(dones[i].Sum() + 1).Select(ix => (long)starts[i] + ix));
        var rewards = expected.GetProperty("rewards").EnumerateArray().SelectMany((row, i) => GoldenSamples.Doubles(row).Take(dones[i].Sum()));

        Assert.Equal(actions, batch.ActionPositions.data<long>().ToArray());
        Assert.Equal(states, batch.StatePositions.data<long>().ToArray());
        Assert.All(rewards.Zip(batch.Actions.Rewards.data<float>().ToArray()), pair => Assert.Equal(pair.First, pair.Second, 1e-6));
    }

    // gamma = 0.5, lambda = 0.5, rewards 1, 0, 4 and V of the next states 2, 6, 0:
    // one step: 1 + 1 = 2, 0 + 3 = 3, 4; Monte-Carlo: 1 + 0 + 1 = 2, 0 + 2 = 2, 4;
    // lambda: y3 = 4, y2 = 0 + .5(.5·6 + .5·4) = 2.5, y1 = 1 + .5(.5·2 + .5·2.5) = 2.125.
    [Theory]
    [InlineData(ReturnTarget.OneStep, 2, 3, 4)]
    [InlineData(ReturnTarget.MonteCarlo, 2, 2, 4)]
    [InlineData(ReturnTarget.Lambda, 2.125, 2.5, 4)]
    public void Returns_ThreeActions_EqualValuesWorkedOutByHand(ReturnTarget targets, double first, double second, double third)
    {
        using var scope = NewDisposeScope();
        // A second dialogue of one action in front shows that nothing leaks across dialogues.
        var layout = ActionLayout.Create([1, 3], tensor(new float[] { 7, 1, 0, 4 }));
        var next = tensor(new float[] { 0, 2, 6, 0 });

        var returns = Ilql.Returns(layout, next, new IlqlOptions { Gamma = 0.5, Lambda = 0.5, Targets = targets });

        Assert.Equal([7f, (float)first, (float)second, (float)third], returns.data<float>().ToArray());
    }

    private static List<TokenizedDialogue> Dialogues()
    {
        // The fixture's rewards are standardised already; its last one is rounded to seven digits.
        var rewards = Golden.GetProperty("batch").GetProperty("rewards").EnumerateArray().Select(row => GoldenSamples.Doubles(row).Sum()).ToList();
        return GoldenSamples.Dialogues(Golden.GetProperty("samples"), rewards);
    }

    private static IlqlOptions Options(JsonElement config) => new()
    {
        Tau = config.GetProperty("tau").GetDouble(),
        Gamma = config.GetProperty("gamma").GetDouble(),
        CqlScale = config.GetProperty("cql_scale").GetDouble(),
        AwacScale = config.GetProperty("awac_scale").GetDouble(),
        Beta = config.GetProperty("beta").GetDouble(),
        TwoQs = config.GetProperty("two_qs").GetBoolean(),
    };

    private static IEnumerable<(int Row, int Position, int Action)> Slots(DialogueBatch batch) =>
        batch.Dialogues.SelectMany((dialogue, row) => Enumerable.Range(1, dialogue.Tokens.Length - 1).Where(token => dialogue.IsAnswer[token]).Select((token, action) => (row, token - 1, action)));

    private static Tensor FlatIndices(DialogueBatch batch, Func<(int Row, int Position, int Action), int> column, int width) =>
        tensor(Slots(batch).Select(slot => (long)slot.Row * width + column(slot)).ToArray());

    private static Tensor StateIndices(DialogueBatch batch, int width) =>
        tensor(batch.Dialogues.SelectMany((dialogue, row) => Enumerable.Range(0, dialogue.AnswerLength + 1).Select(state => (long)row * width + state)).ToArray());

    private static Tensor Padded(JsonElement nested)
    {
        var shape = new List<long>();
        for (var level = nested; level.ValueKind == JsonValueKind.Array; level = level[0])
        {
            shape.Add(level.GetArrayLength());
        }
        return tensor(Flatten(nested).Select(value => (float)value).ToArray(), shape.ToArray()).requires_grad_();
    }

    private static IEnumerable<double> Flatten(JsonElement nested) =>
        nested.ValueKind == JsonValueKind.Array ? nested.EnumerateArray().SelectMany(Flatten) : [nested.GetDouble()];

    private static void AssertGradient(JsonElement expected, Tensor leaf)
    {
        var actual = leaf.grad!.data<float>().ToArray();
        Assert.All(Flatten(expected).Zip(actual), pair => AssertClose(pair.First, pair.Second, 1e-5));
    }

    private static void AssertClose(double expected, double actual, double tolerance, string? name = null) =>
        Assert.True(Math.Abs(expected - actual) <= tolerance * Math.Max(1, Math.Abs(expected)), $"{name}: expected {expected}, got {actual}");
}
