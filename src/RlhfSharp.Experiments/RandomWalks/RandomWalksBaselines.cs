namespace RlhfSharp.Experiments.RandomWalks;

/// <summary>Scores that need no training, to set beside those of a model; means of <see cref="RandomWalksGraph.Optimality"/>.</summary>
/// <param name="Data">Of the walks in the data.</param>
/// <param name="RandomPolicy">Of walks that take every edge with the same probability, over all starts; exact, nothing is drawn.</param>
/// <param name="BestOfData">Of the best walk of the data from each start.</param>
public sealed record RandomWalksBaselines(double Data, double RandomPolicy, double BestOfData)
{
    /// <summary>Computes the scores.</summary>
    /// <param name="task">Graph and walks.</param>
    /// <returns>Three numbers from 0 to 1.</returns>
    public static RandomWalksBaselines Of(RandomWalksTask task)
    {
        ArgumentNullException.ThrowIfNull(task);
        var scored = task.Walks.Select(walk => (Start: walk[0], Optimality: task.Graph.Optimality(walk))).ToList();
        return new RandomWalksBaselines(
            Data: scored.Average(walk => walk.Optimality),
            RandomPolicy: RandomWalksGraph.Starts.Average(start => RandomPolicyFrom(task.Graph, RandomWalksGraph.Node(start))),
            BestOfData: RandomWalksGraph.Starts.Average(start =>
                scored.Where(walk => walk.Start == start).Select(walk => walk.Optimality).DefaultIfEmpty(0).Max()));
    }

    // Carries the distribution over nodes forward one step at a time; what arrives at the goal after n nodes scores 10 − n.
    private static double RandomPolicyFrom(RandomWalksGraph graph, int start)
    {
        var best = graph.ShortestPath(start);
        if (best == RandomWalksGraph.MaxLength)
        {
            return 0;   // as Optimality
        }
        var probability = new double[RandomWalksGraph.NodeCount];
        probability[start] = 1;
        var expected = 0.0;
        for (var length = 2; length <= RandomWalksGraph.MaxLength; length++)
        {
            var next = new double[RandomWalksGraph.NodeCount];
            for (var node = 0; node < RandomWalksGraph.NodeCount; node++)
            {
                foreach (var successor in graph.Successors(node))
                {
                    next[successor] += probability[node] / graph.Successors(node).Count;
                }
            }
            expected += next[RandomWalksGraph.Goal] * (RandomWalksGraph.MaxLength - length);
            next[RandomWalksGraph.Goal] = 0;   // the walk ends there
            probability = next;
        }
        return expected / (RandomWalksGraph.MaxLength - best);
    }
}
