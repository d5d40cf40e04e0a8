using static TorchSharp.torch;

namespace RlhfSharp.Training.Objectives;

/// <summary>Computes <see cref="TokenScores"/> from features and an output layer, in chunks over the vocabulary, forwards and backwards.</summary>
/// <remarks>Scores of all tokens never exist at once: a chunk is computed, used and dropped, and computed again for the gradient. Everything
/// that reads an output layer in training passes here; golden tests that hold logits use features = logits and weight = identity.</remarks>
public static class OutputProjection
{
    // About the size of a core's cache in F32: larger chunks are no faster, smaller ones pay for more calls.
    private const long ChunkElements = 1 << 20;
    private const long SmallestChunk = 128;

    /// <summary>Scores the taken tokens against the whole vocabulary.</summary>
    /// <param name="features"><c>[positions, features]</c>; gradients flow back here.</param>
    /// <param name="weight"><c>[vocabulary, features]</c>; gradients flow back here.</param>
    /// <param name="bias"><c>[vocabulary]</c> or null; gradients flow back here.</param>
    /// <param name="taken">Token ids, <c>[positions]</c>.</param>
    /// <returns>The scores, in F32.</returns>
    public static TokenScores Score(Tensor features, Tensor weight, Tensor? bias, Tensor taken)
    {
        // TorchSharp passes no null through a function's tensors: a layer without bias gets a constant one.
        using var none = bias is null ? zeros(weight.size(0), weight.dtype, weight.device) : null;
        var results = ProjectionFunction.apply(features, weight, bias ?? none!, taken);
        return new TokenScores(results[0], results[1]);
    }

    /// <summary>Scores the taken tokens alone: without the other tokens' scores, at a fraction of the cost.</summary>
    /// <param name="features"><c>[positions, features]</c>.</param>
    /// <param name="weight"><c>[vocabulary, features]</c>.</param>
    /// <param name="bias"><c>[vocabulary]</c> or null.</param>
    /// <param name="taken">Token ids, <c>[positions]</c>.</param>
    /// <returns><c>[positions]</c>, in F32.</returns>
    public static Tensor TakenOnly(Tensor features, Tensor weight, Tensor? bias, Tensor taken)
    {
        var scores = (features * weight.index_select(0, taken)).sum(1, type: ScalarType.Float32);
        return bias is null ? scores : scores + bias.index_select(0, taken);
    }

    private static IEnumerable<(long Start, long Length)> Chunks(long vocabulary, long positions)
    {
        var size = Math.Max(SmallestChunk, ChunkElements / Math.Max(1, positions));
        for (var start = 0L; start < vocabulary; start += size)
        {
            yield return (start, Math.Min(size, vocabulary - start));
        }
    }

    private static Tensor ChunkScores(Tensor features, Tensor weight, Tensor bias, long start, long length) =>
        bias.narrow(0, start, length).addmm(features, weight.narrow(0, start, length).t()).to(ScalarType.Float32);   // [positions, length]

    private sealed class ProjectionFunction : autograd.MultiTensorFunction<ProjectionFunction>
    {
        public override string Name => nameof(ProjectionFunction);

        public override List<Tensor> forward(autograd.AutogradContext ctx, params object[] vars)
        {
            var (features, weight, bias, taken) = ((Tensor)vars[0], (Tensor)vars[1], (Tensor)vars[2], (Tensor)vars[3]);
            using var scope = NewDisposeScope();
            var parts = new List<Tensor>();
            foreach (var (start, length) in Chunks(weight.size(0), features.size(0)))
            {
                using var chunkScope = NewDisposeScope();
                parts.Add(ChunkScores(features, weight, bias, start, length).logsumexp(1).MoveToOuterDisposeScope());
            }
            var logSumExp = parts.Count == 1 ? parts[0] : stack(parts).logsumexp(0);
            var scores = TakenOnly(features, weight, bias, taken);
            ctx.save_for_backward([features, weight, bias, taken, logSumExp]);
            return [scores.MoveToOuterDisposeScope(), logSumExp.MoveToOuterDisposeScope()];
        }

        public override List<Tensor> backward(autograd.AutogradContext ctx, List<Tensor> grad_outputs)
        {
            using var scope = NewDisposeScope();
            var saved = ctx.get_saved_variables();
            var (features, weight, bias, taken, logSumExp) = (saved[0], saved[1], saved[2], saved[3], saved[4]);
            var (takenGradient, sumGradient) = (grad_outputs[0].to(features.dtype), grad_outputs[1].unsqueeze(1));
            var weightGradient = empty_like(weight);
            var biasGradient = empty_like(bias);
            var featureGradient = takenGradient.unsqueeze(1) * weight.index_select(0, taken);   // [positions, features]
            foreach (var (start, length) in Chunks(weight.size(0), features.size(0)))
            {
                using var chunkScope = NewDisposeScope();
                // d logSumExp / d scores = softmax
                var scoreGradient = ChunkScores(features, weight, bias, start, length).sub_(logSumExp.unsqueeze(1)).exp_().mul_(sumGradient).to(features.dtype);
                featureGradient.addmm_(scoreGradient, weight.narrow(0, start, length));
                weightGradient.narrow(0, start, length).copy_(scoreGradient.t().mm(features));
                biasGradient.narrow(0, start, length).copy_(scoreGradient.sum(dim: 0));
            }
            weightGradient.index_add_(0, taken, takenGradient.unsqueeze(1) * features, 1);
            biasGradient.index_add_(0, taken, takenGradient, 1);
            return [featureGradient.MoveToOuterDisposeScope(), weightGradient.MoveToOuterDisposeScope(), biasGradient.MoveToOuterDisposeScope(), null!];
        }
    }
}
