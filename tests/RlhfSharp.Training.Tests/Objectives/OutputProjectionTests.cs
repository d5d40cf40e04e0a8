using RlhfSharp.Models.Runtime;
using RlhfSharp.Training.Objectives;
using static TorchSharp.torch;

namespace RlhfSharp.Training.Tests.Objectives;

[NoTensorLeak]
public sealed class OutputProjectionTests
{
    [Theory]
    [InlineData(7, 5, 11, true, false)]
    [InlineData(2000, 8, 3000, true, false)]      // several chunks
    [InlineData(2000, 8, 3000, false, false)]
    [InlineData(7, 5, 11, true, true)]
    [InlineData(2000, 8, 3000, true, true)]       // every position counts alike: the gradient comes from the forward pass
    public void Score_ValuesAndGradients_EqualPlainLogSoftmax(int positions, int width, int vocabulary, bool hasBias, bool countsAlike)
    {
        using var scope = NewDisposeScope();
        var (plain, plainGradients) = Run(positions, width, vocabulary, hasBias, countsAlike, (features, weight, bias, taken) =>
        {
            var logits = nn.functional.linear(features, weight, bias);
            return new TokenScores(logits.gather(1, taken.unsqueeze(1)).squeeze(1), logits.logsumexp(1));
        });
        var (chunked, chunkedGradients) = Run(positions, width, vocabulary, hasBias, countsAlike, OutputProjection.Score);

        Assert.True(allclose(plain.Taken, chunked.Taken, 1e-5, 1e-5));
        Assert.True(allclose(plain.LogSumExp, chunked.LogSumExp, 1e-5, 1e-5));
        Assert.All(plainGradients.Zip(chunkedGradients), pair => Assert.True(allclose(pair.First!, pair.Second!, 1e-4, 1e-5)));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Score_FrozenWeight_FeaturesGetTheSameGradientAndTheWeightNone(bool countsAlike)
    {
        using var scope = NewDisposeScope();
        var (_, trained) = Run(2000, 8, 3000, true, countsAlike, OutputProjection.Score);
        Tensor? frozen = null;

        var (_, gradients) = Run(2000, 8, 3000, true, countsAlike, (features, weight, bias, taken) => OutputProjection.Score(features, frozen = weight.detach(), bias, taken));

        Assert.False(frozen!.requires_grad);
        Assert.Null(gradients[1]);
        Assert.True(allclose(trained[0], gradients[0]!, 1e-6, 1e-7));
        Assert.True(allclose(trained[2], gradients[2]!, 1e-6, 1e-7));
    }

    [Fact]
    public void Score_ManySteps_MemoryStaysFlat()
    {
        long Live()
        {
            using var scope = NewDisposeScope();
            Run(50, 8, 300, true, true, OutputProjection.Score);
            return Tensor.TotalCount;
        }

        Live();
        var before = Live();
        for (var i = 0; i < 200; i++)
        {
            Live();
        }
        Assert.Equal(before, Live());
    }

    private static (TokenScores Scores, List<Tensor?> Gradients) Run(
        int positions, int width, int vocabulary, bool hasBias, bool countsAlike, Func<Tensor, Tensor, Tensor?, Tensor, TokenScores> score)
    {
        var random = new NamedRandom(1, "projection");
        Tensor Draw(params long[] shape) => tensor(Enumerable.Range(0, (int)shape.Aggregate((a, b) => a * b)).Select(_ => (float)random.NextGaussian()).ToArray(), shape).requires_grad_();
        var inputs = new List<Tensor> { Draw(positions, width), Draw(vocabulary, width) };
        if (hasBias)
        {
            inputs.Add(Draw(vocabulary));
        }
        var taken = tensor(Enumerable.Range(0, positions).Select(_ => (long)random.Next(vocabulary)).ToArray());
        var scores = score(inputs[0], inputs[1], hasBias ? inputs[2] : null, taken);
        var (first, second) = (Draw(positions).detach(), countsAlike ? full([positions], 0.7f) : Draw(positions).detach());
        (scores.Taken * first + scores.LogSumExp * second).sum().backward();
        return (scores, inputs.ConvertAll(input => input.grad));
    }
}
