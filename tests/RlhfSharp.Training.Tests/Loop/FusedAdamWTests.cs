using RlhfSharp.Models.Runtime;
using RlhfSharp.Training.Loop;
using TorchSharp;
using static TorchSharp.torch;

namespace RlhfSharp.Training.Tests.Loop;

[NoTensorLeak]
public sealed class FusedAdamWTests
{
    private const int Steps = 20;
    private static readonly OptimizerOptions Options = new() { LearningRate = 0.05, WeightDecay = 0.1, MaxGradNorm = 0 };

    [Theory]
    [InlineData(WeightDecayScope.All, 0)]
    [InlineData(WeightDecayScope.Matrices, 0)]
    [InlineData(WeightDecayScope.All, 2.5)]        // the gradients' norms are about 4: every step is clipped
    [InlineData(WeightDecayScope.Matrices, 1000)]  // and none
    public void Update_TwentySteps_EqualTheTextbookInDouble(WeightDecayScope scope, double maxGradNorm)
    {
        var options = Options with { Decay = scope, MaxGradNorm = maxGradNorm };
        using var parameters = new TwoParameters(ScalarType.Float32);
        using var optimizer = new FusedAdamW(parameters.Named, options);
        var matrix = new TextbookAdamW(parameters.Matrix, options, options.WeightDecay);
        var vector = new TextbookAdamW(parameters.Vector, options, scope == WeightDecayScope.All ? options.WeightDecay : 0);

        for (var step = 1; step <= Steps; step++)
        {
            var (matrixGradient, vectorGradient) = parameters.Backward(step);
            var norm = Math.Sqrt(matrixGradient.Concat(vectorGradient).Sum(value => (double)value * value));
            var factor = maxGradNorm == 0 ? 1 : Math.Min(1, maxGradNorm / norm);
            var rate = options.LearningRate / step;   // rates differ from step to step

            Step(optimizer, rate, expectedNorm: norm);

            matrix.Step(matrixGradient.Select(value => value * factor), rate);
            vector.Step(vectorGradient.Select(value => value * factor), rate);
            AssertClose(matrix.Values, parameters.Matrix, 2e-6);
            AssertClose(vector.Values, parameters.Vector, 2e-6);
        }
    }

    [Theory]
    [InlineData(ScalarType.Float32)]
    [InlineData(ScalarType.BFloat16)]
    public void Forget_AfterSomeSteps_UpdatesAsANewOptimiserWould(ScalarType type)
    {
        using var scope = NewDisposeScope();
        using var parameters = new TwoParameters(type);
        using var optimizer = new FusedAdamW(parameters.Named, Options);
        for (var step = 1; step <= 3; step++)
        {
            parameters.Backward(step);
            optimizer.Update(Options.LearningRate);
            optimizer.ZeroGradients();
        }
        optimizer.Forget();
        using var like = new TwoParameters(type);
        using (no_grad())
        {
            foreach (var (copy, parameter) in like.Named.Zip(parameters.Named))
            {
                copy.Value.copy_(parameter.Value);
            }
        }
        using var fresh = new FusedAdamW(like.Named, Options);

        parameters.Backward(9);
        optimizer.Update(Options.LearningRate);
        like.Backward(9);
        fresh.Update(Options.LearningRate);

        Assert.Equal(like.Matrix, parameters.Matrix);
        Assert.Equal(like.Vector, parameters.Vector);
    }

    // A step of 1e-4 is lost in BF16 beside a weight of 1, twenty of them are not.
    [Fact]
    public void Update_BFloat16_KeepsSmallStepsInAnF32Copy()
    {
        var options = Options with { LearningRate = 1e-4 };
        using var scope = NewDisposeScope();
        using var parameters = new TwoParameters(ScalarType.BFloat16);
        using var optimizer = new FusedAdamW(parameters.Named, options);
        var matrix = new TextbookAdamW(parameters.Matrix, options, options.WeightDecay);

        for (var step = 1; step <= Steps; step++)
        {
            var (gradient, _) = parameters.Backward(step);
            optimizer.Update(options.LearningRate);
            optimizer.ZeroGradients();
            matrix.Step(gradient.Select(value => (double)value), options.LearningRate);
        }

        var master = optimizer.State().Single(pair => pair.Key == "matrix/master").Value;
        Assert.Equal(ScalarType.Float32, master.dtype);
        AssertClose(matrix.Values, master.data<float>().ToArray(), 2e-6);
        Assert.True(parameters["matrix"].equal(master.to(ScalarType.BFloat16)).all().ToBoolean());
    }

    [Theory]
    [InlineData(ScalarType.Float32, 6)]
    [InlineData(ScalarType.BFloat16, 8)]   // and two F32 copies
    public void Restore_AfterSomeSteps_GoesOnBitForBit(ScalarType type, int stateCount)
    {
        using var scope = NewDisposeScope();
        using var parameters = new TwoParameters(type);
        using var optimizer = new FusedAdamW(parameters.Named, Options);
        void Run(FusedAdamW with, TwoParameters on, int first, int last)
        {
            for (var step = first; step <= last; step++)
            {
                on.Backward(step);
                with.Update(Options.LearningRate);
                with.ZeroGradients();
            }
        }
        Run(optimizer, parameters, 1, 5);
        var saved = optimizer.State().ToDictionary(pair => pair.Key, pair => pair.Value.clone());
        using var again = new TwoParameters(type, parameters);
        Run(optimizer, parameters, 6, 10);

        using var resumed = new FusedAdamW(again.Named, Options);
        resumed.Restore(name => saved[name]);
        Run(resumed, again, 6, 10);

        Assert.Equal(stateCount, saved.Count);
        Assert.All(parameters.Named, pair => Assert.True(pair.Value.bytes.SequenceEqual(again[pair.Key].bytes)));
    }

    [Fact]
    public void Update_FrozenAndUnusedParameters_StayAndHaveNoState()
    {
        using var scope = NewDisposeScope();
        using var parameters = new TwoParameters(ScalarType.Float32);
        parameters["vector"].requires_grad_(false);
        var (matrix, vector) = (parameters.Matrix, parameters.Vector);
        using var optimizer = new FusedAdamW(parameters.Named, Options);

        optimizer.Update(1);   // no gradient yet: weight decay alone must not move anything
        Assert.Equal(matrix, parameters.Matrix);
        parameters["matrix"].sum().backward();
        optimizer.Update(1);

        Assert.NotEqual(matrix, parameters.Matrix);
        Assert.Equal(vector, parameters.Vector);
        Assert.Equal(["matrix/mean", "matrix/variance", "matrix/steps"], optimizer.State().Select(pair => pair.Key));
    }

    [Fact]
    public void ClipGradients_NotANumber_SaysSo()
    {
        using var scope = NewDisposeScope();
        using var parameters = new TwoParameters(ScalarType.Float32);
        using var optimizer = new FusedAdamW(parameters.Named, Options);
        (parameters["matrix"].sum() * double.NaN).backward();
        Assert.True(double.IsNaN(optimizer.ClipGradients().ToDouble()));
    }

    private static void Step(FusedAdamW optimizer, double rate, double expectedNorm)
    {
        using var scope = NewDisposeScope();
        Assert.Equal(1, optimizer.ClipGradients().ToDouble() / expectedNorm, 1e-5);
        optimizer.Update(rate);
        optimizer.ZeroGradients();
    }

    private static void AssertClose(double[] expected, float[] actual, double tolerance) =>
        Assert.All(expected.Zip(actual), pair => Assert.Equal(pair.First, pair.Second, tolerance));

    /// <summary>A matrix and a vector, and gradients drawn for each step.</summary>
    private sealed class TwoParameters : IDisposable
    {
        private readonly Dictionary<string, Tensor> _tensors = [];

        public TwoParameters(ScalarType type, TwoParameters? source = null)
        {
            using var scope = NewDisposeScope();
            foreach (var (name, shape) in new[] { ("matrix", new long[] { 5, 3 }), ("vector", new long[] { 4 }) })
            {
                var values = source is null ? Draw($"start/{name}", 0, shape).to(type) : source[name].detach().clone();
                _tensors.Add(name, values.requires_grad_().DetachFromDisposeScope());
            }
        }

        public IEnumerable<KeyValuePair<string, Tensor>> Named => _tensors;

        public float[] Matrix => Read("matrix");

        public float[] Vector => Read("vector");

        public Tensor this[string name] => _tensors[name];

        /// <summary>Gives both a gradient; the loss is linear, so that it is exactly what was drawn.</summary>
        public (float[] Matrix, float[] Vector) Backward(int step)
        {
            using var scope = NewDisposeScope();
            var gradients = _tensors.ToDictionary(pair => pair.Key, pair =>
                Draw($"gradient/{pair.Key}", step, pair.Value.shape).to(pair.Value.dtype));
            foreach (var (name, gradient) in gradients)
            {
                (_tensors[name] * gradient).sum().backward();
            }
            float[] Read(string name) => gradients[name].to(ScalarType.Float32).data<float>().ToArray();
            return (Read("matrix"), Read("vector"));
        }

        public void Dispose()
        {
            foreach (var tensor in _tensors.Values)
            {
                tensor.grad?.Dispose();
                tensor.Dispose();
            }
        }

        private float[] Read(string name)
        {
            using var scope = NewDisposeScope();
            return _tensors[name].detach().to(ScalarType.Float32).data<float>().ToArray();
        }

        private static Tensor Draw(string name, int step, long[] shape)
        {
            var random = new NamedRandom(0, name, step);
            return tensor(Enumerable.Range(0, (int)shape.Aggregate((a, b) => a * b)).Select(_ => (float)random.NextGaussian()).ToArray(), shape);
        }
    }
}
