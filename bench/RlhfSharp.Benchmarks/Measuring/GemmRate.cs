using static TorchSharp.torch;

namespace RlhfSharp.Benchmarks.Measuring;

/// <summary>What this machine multiplies at most: the two F32 matrix products 2048 x 256 x 4096 and 1024 x 1024 x 1024.</summary>
internal sealed class GemmRate : IDisposable
{
    private const int Rounds = 4;   // about 0.1 s at 200 GFLOP/s: long enough for a clock, short enough to stand between other runs

    private readonly List<(Tensor A, Tensor B, Tensor Product)> _products = [Operands(2048, 256, 4096), Operands(1024, 1024, 1024)];

    /// <summary>Gets the floating-point operations of one <see cref="Run"/>: a multiplication and an addition are two.</summary>
    public double Flops => Rounds * _products.Sum(product => 2.0 * product.A.size(0) * product.A.size(1) * product.B.size(1));

    /// <summary>Computes the products.</summary>
    public void Run()
    {
        using var scope = NewDisposeScope();
        for (var round = 0; round < Rounds; round++)
        {
            foreach (var (a, b, product) in _products)
            {
                product.addmm_(a, b, beta: 0);
            }
        }
    }

    public void Dispose()
    {
        foreach (var (a, b, product) in _products)
        {
            a.Dispose();
            b.Dispose();
            product.Dispose();
        }
    }

    // Not zeros: the system may give all of those the same page of memory.
    private static (Tensor A, Tensor B, Tensor Product) Operands(long rows, long inner, long columns)
    {
        using var scope = NewDisposeScope();
        var a = full([rows, inner], 0.5).DetachFromDisposeScope();
        var b = full([inner, columns], 0.25).DetachFromDisposeScope();
        return (a, b, zeros(rows, columns).DetachFromDisposeScope());
    }
}
