namespace RlhfSharp.Experiments.RandomWalks;

/// <summary>The directed graph of the random-walks benchmark: 21 nodes named <c>a</c> to <c>u</c>, and <c>a</c> is the goal.</summary>
/// <remarks>The graph and the score are those of trlX's example <c>examples/randomwalks</c>. The goal's only edge leads to itself.</remarks>
public sealed class RandomWalksGraph
{
    /// <summary>The number of nodes.</summary>
    public const int NodeCount = 21;

    /// <summary>The goal's number.</summary>
    public const int Goal = 0;

    /// <summary>The most nodes a walk may have, start and goal included.</summary>
    public const int MaxLength = 10;

    /// <summary>What <see cref="Length"/> gives for a walk that does not reach the goal.</summary>
    public const int NotReached = 100;

    private const double EdgeProbability = 0.1;

    private readonly int[][] _successors;   // [nodes][edges], ascending
    private readonly int[] _shortest;       // [nodes]

    internal RandomWalksGraph(int[][] successors)
    {
        _successors = successors;
        _shortest = ShortestPaths(successors);
    }

    /// <summary>Gets the letters of the nodes a walk may start from: all but the goal.</summary>
    public static IReadOnlyList<char> Starts { get; } = [.. Enumerable.Range(1, NodeCount - 1).Select(Letter)];

    /// <summary>Gets the number of edges, the goal's edge to itself left out.</summary>
    public int EdgeCount => _successors.Sum(nodes => nodes.Length) - 1;

    /// <summary>Gets a node's letter.</summary>
    /// <param name="node">From 0 to 20.</param>
    /// <returns><c>a</c> to <c>u</c>.</returns>
    public static char Letter(int node) => (char)('a' + node);

    /// <summary>Gets a letter's node.</summary>
    /// <param name="letter">Any letter.</param>
    /// <returns>From 0 to 20; -1 for a letter that names no node.</returns>
    public static int Node(char letter) => letter is >= 'a' and < (char)('a' + NodeCount) ? letter - 'a' : -1;

    /// <summary>Gets the nodes that one step leads to.</summary>
    /// <param name="node">From 0 to 20.</param>
    /// <returns>At least one node, ascending.</returns>
    public IReadOnlyList<int> Successors(int node) => _successors[node];

    /// <summary>Gets the number of nodes on the shortest way to the goal, both ends included.</summary>
    /// <param name="node">From 0 to 20.</param>
    /// <returns>From 1, the goal itself, to <see cref="MaxLength"/>, which also stands for longer ways and for none.</returns>
    public int ShortestPath(int node) => _shortest[node];

    /// <summary>Counts the nodes of a walk up to the goal; what follows the goal is ignored.</summary>
    /// <param name="walk">Letters of nodes; any text is allowed.</param>
    /// <returns><see cref="NotReached"/> where a step is not an edge, a letter is not a node, or the goal never comes.</returns>
    public int Length(ReadOnlySpan<char> walk)
    {
        for (var i = 0; i < walk.Length; i++)
        {
            var node = Node(walk[i]);
            if (node < 0 || (i > 0 && !_successors[Node(walk[i - 1])].Contains(node)))
            {
                return NotReached;
            }
            if (node == Goal)
            {
                return i + 1;
            }
        }
        return NotReached;
    }

    /// <summary>Scores a walk: (10 − nodes) / (10 − nodes of the shortest way from its start); one that does not arrive counts 10.</summary>
    /// <param name="walk">Letters of nodes, the start first; any text is allowed.</param>
    /// <returns>From 0, illegal or too long, to 1, as short as can be. 0 also where nothing better than <see cref="MaxLength"/> nodes exists:
    /// trlX's formula has no value there, and no start of its two graphs is of that kind.</returns>
    public double Optimality(ReadOnlySpan<char> walk)
    {
        var best = walk.IsEmpty || Node(walk[0]) < 0 ? MaxLength : _shortest[Node(walk[0])];
        return best == MaxLength ? 0 : (MaxLength - Math.Min(Length(walk), MaxLength)) / (double)(MaxLength - best);
    }

    /// <summary>Draws matrices until every node has an edge, then lets the goal keep but an edge to itself.</summary>
    internal static RandomWalksGraph Draw(NumPyRandomState random)
    {
        int[][] successors;
        do
        {
            successors = [.. Enumerable.Range(0, NodeCount).Select(node => DrawSuccessors(node, random))];
        }
        while (successors.Any(nodes => nodes.Length == 0));
        successors[Goal] = [Goal];
        return new RandomWalksGraph(successors);
    }

    // A row of the matrix; the diagonal is drawn as well and thrown away.
    private static int[] DrawSuccessors(int node, NumPyRandomState random)
    {
        var edges = Enumerable.Range(0, NodeCount).Where(_ => random.NextDouble() > 1 - EdgeProbability).ToArray();
        return [.. edges.Where(other => other != node)];
    }

    // Breadth first from the goal, against the direction of the edges.
    private static int[] ShortestPaths(int[][] successors)
    {
        var shortest = Enumerable.Repeat(MaxLength, NodeCount).ToArray();
        int[] frontier = [Goal];
        for (var length = 1; length < MaxLength && frontier.Length > 0; length++)
        {
            foreach (var node in frontier)
            {
                shortest[node] = length;
            }
            var reached = frontier;
            frontier = [.. Enumerable.Range(0, NodeCount)
                .Where(node => shortest[node] == MaxLength && successors[node].Intersect(reached).Any())];
        }
        return shortest;
    }
}
