using RlhfSharp.Training.Loop;

namespace RlhfSharp.Training.Tests.Loop;

/// <summary>Algorithm 2 of Loshchilov and Hutter 2019, line by line, in double.</summary>
internal sealed class TextbookAdamW(IEnumerable<float> start, OptimizerOptions options, double weightDecay)
{
    private readonly double[] _mean = new double[start.Count()];
    private readonly double[] _variance = new double[start.Count()];
    private int _steps;

    public double[] Values { get; } = [.. start.Select(value => (double)value)];

    public void Step(IEnumerable<double> gradients, double learningRate)
    {
        _steps++;
        foreach (var (i, gradient) in gradients.Index())
        {
            _mean[i] = options.Beta1 * _mean[i] + (1 - options.Beta1) * gradient;
            _variance[i] = options.Beta2 * _variance[i] + (1 - options.Beta2) * gradient * gradient;
            var mean = _mean[i] / (1 - Math.Pow(options.Beta1, _steps));
            var variance = _variance[i] / (1 - Math.Pow(options.Beta2, _steps));
            Values[i] -= learningRate * (mean / (Math.Sqrt(variance) + options.Epsilon) + weightDecay * Values[i]);
        }
    }
}
