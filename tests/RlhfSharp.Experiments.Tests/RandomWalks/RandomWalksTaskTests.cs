using System.Security.Cryptography;
using System.Text;
using RlhfSharp.Experiments.RandomWalks;
using RlhfSharp.Training.Metrics;

namespace RlhfSharp.Experiments.Tests.RandomWalks;

/// <summary>The facts of trlX's data, taken down from a port that was checked against NumPy.</summary>
public sealed class RandomWalksTaskTests
{
    private static readonly RandomWalksTask Seed1000 = RandomWalksTask.Generate();
    private static readonly RandomWalksTask Seed1002 = RandomWalksTask.Generate(1002);

    [Theory]
    [InlineData(1000, "69d12e9cd7e4c474aa6f5d94862438390508d55e299c207c9d0d2cb453d00fd3")]
    [InlineData(1002, "1a78d3a2a820adc1a636c6f67e37035d990439e9a9f1e80726fa21794f9433d7")]
    public void Generate_Seed_WalksHaveTheHashOfTrlxWalks(uint seed, string expected)
    {
        var text = string.Join('\n', RandomWalksTask.Generate(seed).Walks);
        Assert.Equal(expected, Convert.ToHexStringLower(SHA256.HashData(Encoding.ASCII.GetBytes(text))));
    }

    [Fact]
    public void Generate_Seed1000_HasTheKnownWalks()
    {
        Assert.Equal(["sda", "fda", "ebjnbdtkna", "jnbjna", "lbusdtkbui", "bda", "hcorguidtk", "orgrgcoror"], Seed1000.Walks.Take(8));
        Assert.Equal(7735, Seed1000.Walks.Sum(walk => walk.Length));
    }

    [Fact]
    public void Generate_Seed1000_HasTheKnownGraph()
    {
        const string adjacency = "a:a b:dju c:ekor d:alt e:bs f:dhim g:cqru h:c i:dh j:n k:bgjn "
            + "l:b m:befghs n:ab o:r p:ju q:fj r:gjo s:du t:k u:bis";
        var graph = Seed1000.Graph;
        Assert.Equal(adjacency, string.Join(' ', Nodes.Select(node =>
            $"{RandomWalksGraph.Letter(node)}:{string.Concat(graph.Successors(node).Select(RandomWalksGraph.Letter))}")));
        Assert.Equal(51, graph.EdgeCount);
        Assert.Equal(42, Seed1002.Graph.EdgeCount);
    }

    [Fact]
    public void Generate_Seed1000_HasTheKnownShortestPaths() =>
        Assert.Equal(
            "a1 b3 c4 d2 e4 f3 g5 h5 i3 j3 k3 l4 m4 n2 o5 p4 q4 r4 s3 t4 u4",
            string.Join(' ', Nodes.Select(node => $"{RandomWalksGraph.Letter(node)}{Seed1000.Graph.ShortestPath(node)}")));

    [Fact]
    public void Generate_OtherSeeds_EveryStepOfEveryWalkIsAnEdge()
    {
        foreach (var seed in new uint[] { 0, 7, 1002 })
        {
            var (graph, walks) = (RandomWalksTask.Generate(seed).Graph, RandomWalksTask.Generate(seed).Walks);
            Assert.Equal(RandomWalksTask.WalkCount, walks.Count);
            Assert.All(walks, walk => Assert.All(walk.Zip(walk[1..]), step =>
                Assert.Contains(RandomWalksGraph.Node(step.Second), graph.Successors(RandomWalksGraph.Node(step.First)))));
        }
    }

    [Theory]
    [InlineData(1000, 0.35151, 0.40623, 0.560, 0.184)]
    [InlineData(1002, 0.79018, 0.27737, 0.985, 0.539)]
    public void Optimality_OfTheData_HasTheKnownStatistics(uint seed, double mean, double deviation, double arriving, double optimal)
    {
        var task = RandomWalksTask.Generate(seed);
        double[] scores = [.. task.Walks.Select(walk => task.Graph.Optimality(walk))];
        Assert.Equal(mean, Statistics.Mean(scores), 5e-6);
        Assert.Equal(deviation, Statistics.StandardDeviation(scores), 5e-6);
        Assert.Equal(arriving, task.Walks.Average(walk => task.Graph.Length(walk) == RandomWalksGraph.NotReached ? 0 : 1), 1e-9);
        Assert.Equal(optimal, scores.Average(score => score == 1 ? 1 : 0), 1e-9);
    }

    [Fact]
    public void Baselines_BothSeeds_HaveTheKnownValues()
    {
        var hard = RandomWalksBaselines.Of(Seed1000);
        Assert.Equal(0.35151, hard.Data, 5e-6);
        Assert.Equal(0.34623, hard.RandomPolicy, 5e-6);
        Assert.Equal(0.99167, hard.BestOfData, 5e-6);   // all starts 1 but m, 5/6: that one takes two walks put together

        var easy = RandomWalksBaselines.Of(Seed1002);
        Assert.Equal(0.78517, easy.RandomPolicy, 5e-6);
        Assert.Equal(1, easy.BestOfData, 1e-12);
    }

    private static IEnumerable<int> Nodes => Enumerable.Range(0, RandomWalksGraph.NodeCount);
}
