using System.Text.Json;
using RlhfSharp.Training.Objectives;
using TorchSharp;
using static TorchSharp.torch;

namespace RlhfSharp.Training.Tests.Objectives.DirectPreference;

/// <summary>The losses against TRL's own numbers.</summary>
[NoTensorLeak]
public sealed class DpoTests
{
    private const double Tolerance = 1e-5;

    private static readonly Dictionary<string, DpoLoss> Names = new()
    {
        ["sigmoid"] = DpoLoss.Sigmoid,
        ["hinge"] = DpoLoss.Hinge,
        ["ipo"] = DpoLoss.IpoSum,   // this version of TRL divides by lengths before it calls the loss
        ["robust"] = DpoLoss.Robust,
        ["apo_zero"] = DpoLoss.ApoZero,
        ["apo_down"] = DpoLoss.ApoDown,
    };

    public static TheoryData<int> Cases => [.. Enumerable.Range(0, Golden.GetProperty("cases").GetArrayLength()).Where(IsOurs)];

    private static JsonElement Golden { get; } = JsonDocument.Parse(File.ReadAllText(Path.Combine(TestFiles.Fixtures, "losses", "trl_dpo_loss.json"))).RootElement;

    [Theory]
    [MemberData(nameof(Cases))]
    public void Loss_GoldenCase_EqualsPeersLossesRewardsAndGradients(int index)
    {
        using var scope = NewDisposeScope();
        var golden = Golden.GetProperty("cases")[index];
        var (chosen, rejected) = (Values("chosen_logps").requires_grad_(true), Values("rejected_logps").requires_grad_(true));
        var options = new DpoOptions
        {
            LossType = Names[golden.GetProperty("loss_type").GetString()!],
            Beta = golden.GetProperty("beta").GetDouble(),
            LabelSmoothing = golden.GetProperty("label_smoothing").GetDouble(),
        };

        var output = Dpo.Loss(chosen, rejected, Values("ref_chosen_logps"), Values("ref_rejected_logps"), ones_like(chosen), ones_like(rejected), options);
        (output.LossSum / chosen.size(0)).backward();

        var metrics = output.Metrics.Entries.ToDictionary(entry => entry.Name, entry => entry.Values);
        Close(golden.GetProperty("losses"), metrics["loss"]);
        Close(golden.GetProperty("chosen_rewards"), metrics["rewards/chosen"]);
        Close(golden.GetProperty("rejected_rewards"), metrics["rewards/rejected"]);
        using var chosenGradient = chosen.grad!;
        using var rejectedGradient = rejected.grad!;
        Close(golden.GetProperty("grad_chosen"), chosenGradient);
        Close(golden.GetProperty("grad_rejected"), rejectedGradient);
    }

    [Theory]
    [InlineData(DpoLoss.Ipo, 16.0)]            // (6/3 − 2/1 − 1/(2·0.125))² = (0 − 4)²
    [InlineData(DpoLoss.IpoSum, 0.0)]          // (6 − 2 − 4)²
    [InlineData(DpoLoss.SigmoidNorm, 0.6931471805599453)]
    public void Loss_ByLength_DividesWhereItSaysSo(DpoLoss type, double expected)
    {
        using var scope = NewDisposeScope();

        var output = Dpo.Loss(tensor(new[] { 6f }), tensor(new[] { 2f }), zeros(1), zeros(1), tensor(new[] { 3f }), tensor(new[] { 1f }), new DpoOptions { LossType = type, Beta = 0.125 });

        Assert.Equal(expected, output.LossSum.ToDouble(), 1e-5);
    }

    [Fact]
    public void Loss_SupervisedTerm_IsThePerTokenLossOfTheChosenAnswer()
    {
        using var scope = NewDisposeScope();
        double Loss(double coefficient) => Dpo.Loss(
            tensor(new[] { -6f }), tensor(new[] { -2f }), zeros(1), zeros(1), tensor(new[] { 3f }), ones(1), new DpoOptions { SftCoefficient = coefficient }).LossSum.ToDouble();

        Assert.Equal(0.5 * 2, Loss(0.5) - Loss(0), 1e-5);
    }

    // Reference-free cases leave the reference out, which is another objective; the other losses are not built.
    private static bool IsOurs(int index)
    {
        var golden = Golden.GetProperty("cases")[index];
        return Names.ContainsKey(golden.GetProperty("loss_type").GetString()!) && golden.GetProperty("reference_free").GetInt32() == 0;
    }

    private static Tensor Values(string name) => tensor(Golden.GetProperty(name).EnumerateArray().Select(value => value.GetSingle()).ToArray());

    private static void Close(JsonElement expected, Tensor actual) =>
        Assert.All(expected.EnumerateArray().Select(value => value.GetDouble()).Zip(actual.data<float>()), pair =>
            Assert.InRange(Math.Abs(pair.First - pair.Second), 0, Tolerance * Math.Max(1, Math.Abs(pair.First))));
}
