namespace RlhfSharp.Experiments.RandomWalks;

/// <summary>The random-walks benchmark: a graph, and 1,000 walks on it that mostly wander.</summary>
/// <remarks>The task is to learn the short ways from them. Bit for bit the data of trlX's example <c>examples/randomwalks</c>; nothing is
/// downloaded. With seed 1000, the one all of trlX's examples use, even the best walks of the data do not reach the best score: it takes
/// one way put together from two walks.</remarks>
public sealed class RandomWalksTask
{
    /// <summary>The seed of trlX's examples.</summary>
    public const uint DefaultSeed = 1000;

    /// <summary>The number of walks.</summary>
    public const int WalkCount = 1000;

    private RandomWalksTask(RandomWalksGraph graph, IReadOnlyList<string> walks) => (Graph, Walks) = (graph, walks);

    /// <summary>Gets the graph.</summary>
    public RandomWalksGraph Graph { get; }

    /// <summary>Gets the walks, 2 to 10 letters of nodes each; only the last letter may be the goal.</summary>
    public IReadOnlyList<string> Walks { get; }

    /// <summary>Makes graph and walks.</summary>
    /// <param name="seed">NumPy's seed; the same seed gives the same data as trlX.</param>
    /// <returns>The benchmark.</returns>
    public static RandomWalksTask Generate(uint seed = DefaultSeed)
    {
        var random = new NumPyRandomState(seed);
        var graph = RandomWalksGraph.Draw(random);
        var walks = new string[WalkCount];
        for (var i = 0; i < WalkCount; i++)
        {
            walks[i] = DrawWalk(graph, random);
        }
        return new RandomWalksTask(graph, walks);
    }

    private static string DrawWalk(RandomWalksGraph graph, NumPyRandomState random)
    {
        int node;
        do
        {
            node = random.Next(RandomWalksGraph.NodeCount);
        }
        while (node == RandomWalksGraph.Goal);
        Span<char> walk = stackalloc char[RandomWalksGraph.MaxLength];
        var length = 0;
        walk[length++] = RandomWalksGraph.Letter(node);
        while (length < RandomWalksGraph.MaxLength && node != RandomWalksGraph.Goal)
        {
            node = random.Choice(graph.Successors(node));
            walk[length++] = RandomWalksGraph.Letter(node);
        }
        return walk[..length].ToString();
    }
}
