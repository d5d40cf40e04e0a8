using RlhfSharp.Experiments.RandomWalks;

namespace RlhfSharp.Experiments.Tests.RandomWalks;

public sealed class RandomWalksGraphTests
{
    private static readonly RandomWalksGraph Graph = RandomWalksTask.Generate().Graph;

    [Theory]
    [InlineData("da", 2, 1.0)]              // the shortest way from d
    [InlineData("bda", 3, 1.0)]
    [InlineData("bjna", 4, 6 / 7.0)]        // legal but one node longer: (10 − 4) / (10 − 3)
    [InlineData("daxyz", 2, 1.0)]           // what follows the goal is ignored
    [InlineData("a", 1, 1.0)]
    [InlineData("ba", 100, 0.0)]            // no edge
    [InlineData("b", 100, 0.0)]             // never arrives
    [InlineData("bDa", 100, 0.0)]           // not a node
    [InlineData("?da", 100, 0.0)]
    [InlineData("", 100, 0.0)]
    [InlineData("bjnbjnbjna", 10, 0.0)]     // arrives with the last node
    [InlineData("bjnbjnbjnbda", 12, 0.0)]   // arrives too late: never below 0
    public void LengthAndOptimality_Walk_EqualTheValueWorkedOutByHand(string walk, int length, double optimality)
    {
        Assert.Equal(length, Graph.Length(walk));
        Assert.Equal(optimality, Graph.Optimality(walk), 1e-15);
    }

    [Fact]
    public void ShortestPath_GoalOutOfReach_IsTheMostNodes_AndOptimalityZero()
    {
        // a <- a; b -> c; all others -> a. From b there is no way: c leads back.
        var successors = Enumerable.Range(0, RandomWalksGraph.NodeCount).Select(_ => new[] { RandomWalksGraph.Goal }).ToArray();
        successors[1] = [2];
        successors[2] = [1];
        var graph = new RandomWalksGraph(successors);
        Assert.Equal(RandomWalksGraph.MaxLength, graph.ShortestPath(1));
        Assert.Equal(0, graph.Optimality("bcb"));
        Assert.Equal(1, graph.Optimality("da"));
    }

    [Fact]
    public void ShortestPath_ChainOfAllNodes_IsTruncated()
    {
        // Each node leads to the one before it: node n needs n + 1 nodes, at most 10 are counted.
        var chain = Enumerable.Range(0, RandomWalksGraph.NodeCount).Select(node => new[] { Math.Max(0, node - 1) }).ToArray();
        var graph = new RandomWalksGraph(chain);
        Assert.Equal([1, 2, 8, 9, 10, 10, 10], new[] { 0, 1, 7, 8, 9, 10, 20 }.Select(graph.ShortestPath));
    }
}
