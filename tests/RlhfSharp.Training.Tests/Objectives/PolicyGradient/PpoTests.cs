using System.Text.Json;
using RlhfSharp.Training.Objectives;
using TorchSharp;
using static TorchSharp.torch;

namespace RlhfSharp.Training.Tests.Objectives.PolicyGradient;

/// <summary>The loss and what goes into it against trlX's own numbers.</summary>
[NoTensorLeak]
public sealed class PpoTests
{
    private const double Tolerance = 1e-5;

    public static TheoryData<int> Cases => [.. Enumerable.Range(0, Golden.GetProperty("cases").GetArrayLength())];

    private static JsonElement Golden { get; } = JsonDocument.Parse(File.ReadAllText(Path.Combine(TestFiles.Fixtures, "losses", "trlx_ppo_loss.json"))).RootElement;

    [Theory]
    [MemberData(nameof(Cases))]
    public void Loss_GoldenCase_EqualsPeersLossStatisticsAndGradients(int index)
    {
        using var scope = NewDisposeScope();
        var golden = Golden.GetProperty("cases")[index];
        var config = golden.GetProperty("config");
        double Setting(string name) => config.GetProperty(name).GetDouble();
        var options = new PpoOptions
        {
            Gamma = Setting("gamma"),
            Lambda = Setting("lam"),
            ClipRange = Setting("cliprange"),
            ClipRangeValue = Setting("cliprange_value"),
            VfCoefficient = Setting("vf_coef"),
        };
        var estimates = Rows("rewards").Zip(Rows("old_values"), (rewards, values) => GeneralizedAdvantages.Compute(rewards, values, options.Gamma, options.Lambda)).ToList();
        double[][] advantages = [.. estimates.Select(estimate => estimate.Advantages)];
        if (golden.GetProperty("use_whitening").GetBoolean())
        {
            advantages = Whitening.Apply(advantages);   // over padding too, as trlX does and the product does not
        }
        double[][] returns = [.. estimates.Select(estimate => estimate.Returns)];
        Close(Rows(golden.GetProperty("advantages")), advantages);
        Close(Rows(golden.GetProperty("returns")), returns);

        var (logProbs, values) = (Real(Rows("logprobs")).requires_grad_(true), Real(Rows("values")).requires_grad_(true));
        var output = Ppo.Loss(logProbs, values, new SampledActions(Real(Rows("old_logprobs")), Real(Rows("old_values")), Real(advantages), Real(returns)), options);
        var loss = output.LossSum / logProbs.size(0);
        loss.backward();

        var metrics = output.Metrics.Entries.ToDictionary(entry => entry.Name, entry => entry.Values.mean().ToDouble());
        var stats = golden.GetProperty("stats");
        Assert.Equal(golden.GetProperty("loss").GetDouble(), loss.ToDouble(), Tolerance);
        Assert.Equal(stats.GetProperty("losses/policy_loss").GetDouble(), metrics["loss/policy_avg"], Tolerance);
        Assert.Equal(stats.GetProperty("losses/value_loss").GetDouble(), metrics["loss/value_avg"], Tolerance);
        Assert.Equal(stats.GetProperty("policy/clipfrac").GetDouble(), metrics["policy/clipfrac_avg"], Tolerance);
        Assert.Equal(stats.GetProperty("values/clipfrac").GetDouble(), metrics["val/clipfrac_avg"], Tolerance);
        Assert.Equal(stats.GetProperty("ratio").GetDouble(), metrics["val/ratio"], Tolerance);
        using var logProbGradient = logProbs.grad!;
        using var valueGradient = values.grad!;
        Close([Masked(Rows(golden.GetProperty("grad_logprobs")))], [Host(logProbGradient)]);
        Close([Masked(Rows(golden.GetProperty("grad_values")))], [Host(valueGradient)]);
    }

    [Fact]
    public void Apply_GoldenWhitening_EqualsPeers()
    {
        var whiten = Golden.GetProperty("whiten");
        Close(Rows(whiten.GetProperty("out")), Whitening.Apply(Rows(whiten.GetProperty("xs"))));
        Close(Rows(whiten.GetProperty("out_no_shift")), Whitening.Apply(Rows(whiten.GetProperty("xs")), shiftsMean: false));
    }

    [Fact]
    public void Next_GoldenUpdates_EqualPeers()
    {
        var golden = Golden.GetProperty("adaptive_kl");
        var coefficient = golden.GetProperty("init").GetDouble();
        foreach (var update in golden.GetProperty("updates").EnumerateArray())
        {
            coefficient = AdaptiveKl.Next(
                coefficient, update.GetProperty("current").GetDouble(), golden.GetProperty("target").GetDouble(), update.GetProperty("n_steps").GetInt32(), golden.GetProperty("horizon").GetDouble());
            Assert.Equal(update.GetProperty("value").GetDouble(), coefficient, 1e-8);
        }
    }

    private static double[][] Rows(string name) => Rows(Golden.GetProperty(name));

    private static double[][] Rows(JsonElement rows) => [.. rows.EnumerateArray().Select(row => row.EnumerateArray().Select(value => value.GetDouble()).ToArray())];

    // The real tokens, one row after the other.
    private static double[] Masked(double[][] rows) => [.. rows.Zip(Rows("mask"), (row, mask) => row.Where((_, i) => mask[i] == 1)).SelectMany(row => row)];

    private static Tensor Real(double[][] rows) => tensor(Array.ConvertAll(Masked(rows), value => (float)value));

    private static double[] Host(Tensor values) => [.. values.data<float>().Select(value => (double)value)];

    private static void Close(double[][] expected, double[][] actual) => Assert.All(expected.Zip(actual), rows =>
        Assert.All(rows.First.Zip(rows.Second), pair => Assert.InRange(Math.Abs(pair.First - pair.Second), 0, Tolerance * Math.Max(1, Math.Abs(pair.First)))));
}
