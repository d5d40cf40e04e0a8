using System.Text.Json;
using RlhfSharp.Training.Objectives;
using TorchSharp;
using static TorchSharp.torch;

namespace RlhfSharp.Training.Tests.Objectives.RewardModeling;

/// <summary>The loss against TRL's and OpenRLHF's own numbers.</summary>
[NoTensorLeak]
public sealed class BradleyTerryTests
{
    private const double Tolerance = 1e-5;

    public static TheoryData<int> Cases => [.. Enumerable.Range(0, Golden.GetProperty("cases").GetArrayLength()).Where(IsOurs)];

    private static JsonElement Golden { get; } = JsonDocument.Parse(File.ReadAllText(Path.Combine(TestFiles.Fixtures, "losses", "bradley_terry.json"))).RootElement;

    [Theory]
    [MemberData(nameof(Cases))]
    public void Loss_GoldenCase_EqualsPeersLossAndGradients(int index)
    {
        using var scope = NewDisposeScope();
        var golden = Golden.GetProperty("cases")[index];
        var (chosen, rejected) = (Values("rewards_chosen").requires_grad_(true), Values("rewards_rejected").requires_grad_(true));
        var margins = golden.GetProperty("margin").GetInt32() == 1 ? Values("margin") : null;
        var lambda = golden.TryGetProperty("center_rewards_coefficient", out var value) ? value.GetDouble() : 0;

        var output = BradleyTerry.Loss(chosen, rejected, margins, lambda);
        (output.LossSum / chosen.size(0)).backward();

        Close(golden.GetProperty("loss").GetDouble(), (output.LossSum / chosen.size(0)).ToDouble());
        foreach (var (name, tensor) in new[] { ("grad_chosen", chosen), ("grad_rejected", rejected) })
        {
            if (golden.TryGetProperty(name, out var gradient))
            {
                using var actual = tensor.grad!;
                Assert.All(gradient.EnumerateArray().Select(one => one.GetDouble()).Zip(actual.data<float>()), pair => Close(pair.First, pair.Second));
            }
        }
    }

    [Fact]
    public void Loss_FarLead_IsFiniteAndTiny()
    {
        using var scope = NewDisposeScope();
        var output = BradleyTerry.Loss(tensor(new[] { 1e4f, -1e4f }), tensor(new[] { -1e4f, 1e4f }), null, 0);

        Assert.Equal(2e4, output.LossSum.ToDouble(), 1e-3);
    }

    [Fact]
    public void Loss_Metrics_AreTrls()
    {
        using var scope = NewDisposeScope();
        var metrics = BradleyTerry.Loss(tensor(new[] { 1f, 0, 2 }), tensor(new[] { 0f, 0, 3 }), null, 0).Metrics.Entries.ToDictionary(entry => entry.Name, entry => entry.Values.mean().ToDouble());

        Assert.Equal(["loss", "accuracy", "margin", "mean_reward"], metrics.Keys);
        Assert.Equal(1 / 3.0, metrics["accuracy"], 1e-6);   // equal scores are no agreement
        Assert.Equal(0, metrics["margin"], 1e-6);
        Assert.Equal(1, metrics["mean_reward"], 1e-6);
    }

    // trlX's loss compares token by token and LogExpLoss ignores margins: other objectives.
    private static bool IsOurs(int index)
    {
        var golden = Golden.GetProperty("cases")[index];
        return golden.GetProperty("impl").GetString() is "trl" or "openrlhf PairWiseLoss" && golden.TryGetProperty("margin", out _);
    }

    private static Tensor Values(string name) => tensor(Golden.GetProperty(name).EnumerateArray().Select(value => value.GetSingle()).ToArray());

    private static void Close(double expected, double actual) => Assert.InRange(Math.Abs(expected - actual), 0, Tolerance * Math.Max(1, Math.Abs(expected)));
}
