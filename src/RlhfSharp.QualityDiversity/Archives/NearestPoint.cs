namespace RlhfSharp.QualityDiversity.Archives;

/// <summary>Finds the nearest of many points (Euclidean); of equally near ones that with the lowest index.</summary>
/// <remarks>A k-d tree in one array. Few points are searched one by one: that is faster then.</remarks>
internal sealed class NearestPoint
{
    private const int LeafSize = 8;
    private const int SearchedOneByOne = 24;

    private readonly int _dimensions;
    private readonly int[] _order;         // the points' indices, in the order of the tree's leaves
    private readonly double[] _points;     // [points × dimensions], in that order
    private readonly List<Node> _nodes = [];

    public NearestPoint(double[][] points)
    {
        _dimensions = points[0].Length;
        _order = [.. Enumerable.Range(0, points.Length)];
        if (points.Length > SearchedOneByOne)
        {
            Build(points, 0, points.Length);
        }
        _points = [.. _order.SelectMany(index => points[index])];
    }

    public int Find(ReadOnlySpan<double> target)
    {
        var (best, distance) = (int.MaxValue, double.PositiveInfinity);
        if (_nodes.Count == 0)
        {
            Scan(target, 0, _order.Length, ref best, ref distance);
        }
        else
        {
            Descend(target, 0, ref best, ref distance);
        }
        return best;
    }

    private int Build(double[][] points, int from, int to)
    {
        var at = _nodes.Count;
        _nodes.Add(new Node(-1, 0, from, to));
        if (to - from <= LeafSize)
        {
            return at;
        }
        var dimension = Widest(points, from, to);
        Array.Sort(_order, from, to - from, Comparer<int>.Create((a, b) => points[a][dimension].CompareTo(points[b][dimension])));
        var middle = (from + to) / 2;
        var border = points[_order[middle]][dimension];   // before the halves are sorted by other dimensions
        var below = Build(points, from, middle);
        var above = Build(points, middle, to);
        _nodes[at] = new Node(dimension, border, below, above);
        return at;
    }

    private int Widest(double[][] points, int from, int to)
    {
        var spans = Enumerable.Range(0, _dimensions).Select(dimension =>
        {
            var values = _order[from..to].Select(index => points[index][dimension]).ToList();
            return values.Max() - values.Min();
        }).ToList();
        return spans.IndexOf(spans.Max());
    }

    private void Descend(ReadOnlySpan<double> target, int at, ref int best, ref double distance)
    {
        var node = _nodes[at];
        if (node.Dimension < 0)
        {
            Scan(target, node.Below, node.Above, ref best, ref distance);
            return;
        }
        var offset = target[node.Dimension] - node.Border;
        Descend(target, offset < 0 ? node.Below : node.Above, ref best, ref distance);
        if (offset * offset <= distance)   // equally near points with a lower index may lie beyond the border
        {
            Descend(target, offset < 0 ? node.Above : node.Below, ref best, ref distance);
        }
    }

    private void Scan(ReadOnlySpan<double> target, int from, int to, ref int best, ref double distance)
    {
        for (var i = from; i < to; i++)
        {
            var sum = 0.0;
            for (var j = 0; j < _dimensions; j++)
            {
                var difference = target[j] - _points[i * _dimensions + j];
                sum += difference * difference;
            }
            if (sum < distance || (sum == distance && _order[i] < best))
            {
                (best, distance) = (_order[i], sum);
            }
        }
    }

    /// <summary>An inner node with its two children, or a leaf (dimension −1) with the range of its points.</summary>
    private readonly record struct Node(int Dimension, double Border, int Below, int Above);
}
