using CsCheck;
using RlhfSharp.QualityDiversity.Archives;
using RlhfSharp.QualityDiversity.Emitters;

namespace RlhfSharp.QualityDiversity.Tests.Emitters;

public sealed class VariationEmitterTests
{
    private static readonly VariationOptions Options = new() { Start = [0.5, -0.5, 2], BatchSize = 16, Seed = 3 };

    private static readonly Dictionary<string, Func<Archive<double[]>, VariationOptions, IEmitter<double[]>>> All = new()
    {
        ["gaussian"] = (archive, options) => new GaussianEmitter<double[]>(archive, VectorGenome.Instance, 0.3, options),
        ["iso+line"] = (archive, options) => new IsoLineEmitter<double[]>(archive, VectorGenome.Instance, 0.1, 0.5, options),
        ["genetic"] = (archive, options) => new GeneticEmitter<double[]>(archive, VectorGenome.Instance, new() { MutationRate = 0.5, MutationSigma = 0.4 }, options),
    };

    public static TheoryData<string> Names => [.. All.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Ask_SameSeed_SameSolutionsOtherwiseOthers(string name)
    {
        var first = await Two(name, Options);
        Assert.Equal(first, await Two(name, Options));
        Assert.NotEqual(first, await Two(name, Options with { Seed = 4 }));
        Assert.Equal(32, first.Count);
        Assert.NotEqual(first[..16], first[16..]);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Ask_Bounds_AreKept(string name)
    {
        var solutions = await Two(name, Options with { Low = -0.6, High = 0.6 });
        Assert.All(solutions.SelectMany(solution => solution), number => Assert.InRange(number, -0.6, 0.6));
    }

    // Defect 12: mutating the parent in place corrupted archived elites.
    [Theory]
    [MemberData(nameof(Names))]
    public async Task Ask_Elites_AreNotChanged(string name)
    {
        var archive = Filled();
        var before = archive.Select(elite => elite.Solution.ToArray()).ToList();
        var emitter = All[name](archive, Options);
        for (var i = 0; i < 20; i++)
        {
            Assert.All(await emitter.AskAsync(default), child => Assert.All(archive, elite => Assert.NotSame(elite.Solution, child)));
        }
        Assert.Equal(before, archive.Select(elite => elite.Solution));
    }

    [Fact]
    public async Task Ask_NoNoise_ChildrenAreTheirParents()
    {
        var archive = Filled();
        var parents = archive.Select(elite => elite.Solution).ToList();
        IEmitter<double[]>[] emitters =
        [
            new GaussianEmitter<double[]>(archive, VectorGenome.Instance, 0, Options),
            new IsoLineEmitter<double[]>(archive, VectorGenome.Instance, 0, 0, Options),
            new GeneticEmitter<double[]>(archive, VectorGenome.Instance, new() { CrossoverRate = 0, MutationRate = 0 }, Options),
        ];
        foreach (var emitter in emitters)
        {
            Assert.All(await emitter.AskAsync(default), child => Assert.Contains(child, parents));
        }
    }

    [Fact]
    public async Task Ask_CrossoverAlone_TakesEachNumberFromAParent()
    {
        var archive = Filled();
        var emitter = new GeneticEmitter<double[]>(archive, VectorGenome.Instance, new() { CrossoverRate = 1, MutationRate = 0 }, Options with { BatchSize = 200 });
        var children = await emitter.AskAsync(default);
        Assert.All(children, child => Assert.All(child.Index(), number => Assert.Contains(number.Item, archive.Select(elite => elite.Solution[number.Index]))));
        Assert.Contains(children, child => !archive.Any(elite => elite.Solution.SequenceEqual(child)));
    }

    // 20,000 draws: the standard error of the mean is σ/141, that of the standard deviation about σ/200.
    [Fact]
    public async Task Ask_Gaussian_HasTheGivenSpreadAroundTheStart()
    {
        var emitter = new GaussianEmitter<double[]>(Empty(), VectorGenome.Instance, 2, Options with { BatchSize = 20_000 });
        var firsts = (await emitter.AskAsync(default)).Select(solution => solution[0]).ToList();
        var mean = firsts.Average();
        Assert.Equal(0.5, mean, 0.06);
        Assert.Equal(2, Math.Sqrt(firsts.Average(value => (value - mean) * (value - mean))), 0.05);
    }

    // With no iso noise a child lies on the line through two elites.
    [Fact]
    public async Task Ask_LineAlone_StaysOnTheLine()
    {
        var archive = new GridArchive<double[]>([NumericAxis.Uniform("x", 0, 4, 2)]);
        archive.Add([1, 1, 1], 0, 1);
        archive.Add([3, 5, 7], 0, 3);
        var emitter = new IsoLineEmitter<double[]>(archive, VectorGenome.Instance, 0, 1, Options);
        foreach (var child in await emitter.AskAsync(default))
        {
            var t = (child[0] - 1) / 2;
            Assert.Equal([1 + 4 * t, 1 + 6 * t], child.Skip(1), (a, b) => Math.Abs(a - b) < 1e-9);
        }
    }

    [Fact]
    public async Task Random_Always_FillsItsBoxEvenly()
    {
        var emitter = new RandomEmitter<double[]>(VectorGenome.Instance, [(-1, 1), (5, 9)], batchSize: 10_000, seed: 1);
        var solutions = await emitter.AskAsync(default);
        Assert.All(solutions, solution => Assert.True(solution[0] is >= -1 and < 1 && solution[1] is >= 5 and < 9));
        Assert.All(solutions.GroupBy(solution => (int)((solution[1] - 5) * 2)), group => Assert.InRange(group.Count(), 1100, 1400));   // 1,250 each ± 4.5 sd
    }

    [Fact]
    public void Options_OutOfRange_AreRefused() => Gen.Int[0, 4].Sample(which =>
    {
        var wrong = which switch
        {
            0 => Options with { BatchSize = 0 },
            1 => Options with { Start = [] },
            2 => Options with { Low = 1, High = 1 },
            3 => Options with { Start = [double.NaN] },
            _ => Options with { Low = double.NaN },
        };
        Assert.ThrowsAny<ArgumentException>(() => new GaussianEmitter<double[]>(Empty(), VectorGenome.Instance, 1, wrong));
    });

    [Fact]
    public async Task Ask_ElitesOfAnotherLength_SaysSo()
    {
        var emitter = new GaussianEmitter<double[]>(Filled(), VectorGenome.Instance, 1, Options with { Start = [0] });
        var error = await Assert.ThrowsAsync<ArgumentException>(() => emitter.AskAsync(default));
        Assert.Contains("has shape [3], expected [1]", error.Message, StringComparison.Ordinal);
    }

    private static async Task<List<double[]>> Two(string name, VariationOptions options)
    {
        var emitter = All[name](Filled(), options);
        return [.. await emitter.AskAsync(default), .. await emitter.AskAsync(default)];
    }

    private static GridArchive<double[]> Empty() => new([NumericAxis.Uniform("x", -1, 1, 4)]);

    private static GridArchive<double[]> Filled()
    {
        var archive = Empty();
        archive.Add([[0.1, 0.2, 0.3], [-0.4, 0.5, -0.6], [1.7, 1.8, 1.9]], [1, 2, 3], new double[,] { { -1 }, { 0.1 }, { 1 } });
        return archive;
    }
}
