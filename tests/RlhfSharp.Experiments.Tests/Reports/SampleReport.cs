using RlhfSharp.Experiments.Reports;
using RlhfSharp.Models.Runtime;
using RlhfSharp.Training.Metrics;

namespace RlhfSharp.Experiments.Tests.Reports;

/// <summary>A report with every kind of block, as the random walks would give it; the numbers are made up.</summary>
internal static class SampleReport
{
    public const string Arabic = "لا تذكر الفيل الوردي";
    public const string Hostile = "</script><script>alert(1)</script><img src=x onerror=alert(2)>";

    public static Report Create(bool showText = true) => new(
        "Random walks with ILQL: how often to sync the target",
        "Three ways to update the target heads, three seeds each, 200 updates. Data and graph are trlX's, seed 1000.",
        [
            new TextBlock(
                "Synchronising after every optimiser step and once per data pass both find the short ways. A target that is never "
                + "updated does not, though its training losses look better.\n\nThe score is optimality: 1 is the shortest legal walk, "
                + "0 an illegal one."),
            new TableBlock(
                "Optimality after 200 updates", "target sync",
                [
                    new TableColumn("beta 0"), new TableColumn("beta 1"),
                    new TableColumn("beta 100", Best: BestValue.Highest), new TableColumn("loss", 2, BestValue.Lowest),
                ],
                [
                    new TableRow("every 5 steps", [Of(.282, .02), Of(.514, .06), Of(.986, .009), .81]),
                    new TableRow("once per pass", [Of(.290, .03), Of(.442, .1), Of(.968, .021), .80]),
                    new TableRow("never", [Of(.295, .04), Of(.336, .05), Of(.418, .08), .62]),
                    new TableRow("mean of the data", [.352, TableCell.Empty, TableCell.Empty, "n/a"]),
                ],
                "Means over 3 seeds, Student's t."),
            new WarningBlock("The target network is dead in one run", "never: 0 syncs in 200 updates. Its losses say nothing about the policy."),
            new HeadingBlock("Learning curves"),
            new CurvesBlock([
                new CurveChart("Optimality at beta 100", "optimiser step", "optimality", [
                    Series("every 5 steps", .986, 45, 1), Series("once per pass", .968, 70, 2), Series("never", .418, 60, 3)]),
                new CurveChart("Learning rate", "optimiser step", "learning rate", [
                    new CurveSeries("rate", Steps, [.. Steps.Select(step => 2e-4 * Math.Min(1, (step + 1) / 40))])]),
            ]),
            new BarsBlock("Optimality at beta 100", [
                new Bar("every 5 steps", Of(.986, .009)), new Bar("once per pass", Of(.968, .021)),
                new Bar("never updated: what a regression upstream did to runs like this one", Of(.418, .08))]),
            new HeadingBlock("Samples"),
            new SamplesBlock("Steered with beta 100", [
                new ReportSample("Human: Tell me about zoos, but do not mention pink elephants.\n\nAssistant:",
                    "Zoos keep animals 🦒 so that people can see them.\n\nMany also breed endangered ones.",
                    [new("reward", "0.93"), new("tokens", "21")]),
                new ReportSample(Arabic, Arabic + " 🐘", [new("reward", "−0.41")]),
                new ReportSample(Hostile, Hostile, [new("reward", "0.02"), new("note", Hostile)]),
            ], showText),
            new ReproduceBlock(
                [
                    "rlhf train recipes/random-walks-ilql.yaml --run runs/walks",
                    "rlhf train recipes/random-walks-ilql.yaml --set objective.sync=pass",
                ],
                [0, 1, 2],
                [
                    new("RlhfSharp", "0.1.0"), new("libtorch", "2.10.0, CPU"), new("threads", "2"),
                    new("data", "SHA-256 69d12e9cd7e4c474aa6f5d94862438390508d55e299c207c9d0d2cb453d00fd3"),
                ]),
        ]);

    private static double[] Steps => [.. Enumerable.Range(0, 201).Select(step => (double)step)];

    private static Estimate Of(double value, double half) => new(value, new Interval(value - half, value + half));

    private static CurveSeries Series(string name, double limit, double time, int index)
    {
        var random = new NamedRandom(1, "curve", index);
        double[] y = [.. Steps.Select(step => .3 + (limit - .3) * (1 - Math.Exp(-step * step / (time * time))) + .01 * random.NextGaussian())];
        return new CurveSeries(name, Steps, y, [.. y.Select(value => new Interval(value - .04, value + .03))]);
    }
}
