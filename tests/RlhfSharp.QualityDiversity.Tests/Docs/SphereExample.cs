using RlhfSharp.QualityDiversity.Archives;
using RlhfSharp.QualityDiversity.Emitters;
using RlhfSharp.QualityDiversity.HeatMaps;
using RlhfSharp.QualityDiversity.Scheduling;

namespace RlhfSharp.QualityDiversity.Tests.Docs;

/// <summary>The example of <c>docs/quality-diversity.md</c>; what stands between the two marks is that page's block, word for word.</summary>
internal static class SphereExample
{
    public static GridArchive<double[]> Run()
    {
        // The page begins here.
        var archive = new GridArchive<double[]>(
            [NumericAxis.Uniform("x", -5, 5, 20), NumericAxis.Uniform("y", -5, 5, 20)], qdScoreOffset: -200);
        var options = new VariationOptions { Start = new double[8], Low = -5, High = 5, BatchSize = 50 };
        var emitter = new IsoLineEmitter<double[]>(archive, VectorGenome.Instance, isoSigma: 0.3, lineSigma: 0.3, options);
        var scheduler = new Scheduler<double[]>(archive, [emitter]);
        for (var iteration = 0; iteration < 300; iteration++)
        {
            var solutions = scheduler.Ask();
            var objectives = new double[solutions.Count];
            var measures = new double[solutions.Count, 2];
            for (var i = 0; i < solutions.Count; i++)
            {
                objectives[i] = -solutions[i].Sum(number => number * number);   // best where all eight numbers are 0
                (measures[i, 0], measures[i, 1]) = (solutions[i][0], solutions[i][1]);
            }
            scheduler.Tell(objectives, measures);
        }
        Console.WriteLine(archive.Statistics);
        File.WriteAllText("sphere.svg", HeatMapSvg.Draw(HeatMap.Of(archive, "Sphere function")));
        // The page ends here.
        return archive;
    }
}
