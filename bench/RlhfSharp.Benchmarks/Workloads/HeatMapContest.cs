using RlhfSharp.Benchmarks.Measuring;
using RlhfSharp.Models.Runtime;
using RlhfSharp.QualityDiversity.Archives;
using RlhfSharp.QualityDiversity.HeatMaps;

namespace RlhfSharp.Benchmarks.Workloads;

/// <summary>Draws maps of 20 x 20 as PNG of 800 x 600. The plain rendering is the same map as SVG: text, nothing compressed.</summary>
internal sealed class HeatMapContest(int maps) : IContest
{
    private readonly HeatMap _map = Map();

    public long Tokens => maps;

    public double UsefulFlops => 0;

    public void Verify()
    {
        if (HeatMapPng.Draw(_map).Length < 1000 || !HeatMapSvg.Draw(_map).EndsWith("</svg>\n", StringComparison.Ordinal))
        {
            throw new InvalidOperationException("A picture is not whole.");
        }
    }

    public void RunOurs()
    {
        for (var i = 0; i < maps; i++)
        {
            HeatMapPng.Draw(_map);
        }
    }

    public void RunPlain()
    {
        for (var i = 0; i < maps; i++)
        {
            HeatMapSvg.Draw(_map);
        }
    }

    public IReadOnlyList<(string Part, double Seconds)> Profile(StepProfile profile) => [];

    public void Dispose()
    {
    }

    private static HeatMap Map()
    {
        var archive = new GridArchive<int>([NumericAxis.Uniform("height", -1, 1, 20), NumericAxis.Uniform("length", -1, 1, 20)]);
        var random = new NamedRandom(0, "heat-map");
        for (var i = 0; i < 600; i++)
        {
            var (x, y) = (2 * random.NextDouble() - 1, 2 * random.NextDouble() - 1);
            archive.Add(i, -x * x - y * y, x, y);
        }
        return HeatMap.Of(archive, "Sphere function");
    }
}
