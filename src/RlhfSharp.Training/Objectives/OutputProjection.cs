using RlhfSharp.Models;
using TorchSharp;
using static TorchSharp.torch;

namespace RlhfSharp.Training.Objectives;

/// <summary>Computes <see cref="TokenScores"/> from features and an output layer, a few positions at a time, forwards and backwards.</summary>
/// <remarks>
/// <para>Scores of all tokens exist for a chunk of positions only; they are used and dropped. Everything that reads an output layer in
/// training passes here; golden tests that hold logits use features = logits and weight = identity.</para>
/// <para>The gradient of logΣexp is the softmax, weighted by how much each position counts. Where all positions count alike, as in language
/// modelling and in ILQL's conservative term, softmax·W and softmaxᵀ·features of the forward pass need one factor each to be the
/// gradient, so they are made while the scores are there (the idea of Liger Kernel's fused cross-entropy, Hsu et al. 2024). Where
/// positions count differently, the backward pass computes the scores again.</para>
/// <para>A weight that does not train, as under an adapter, gets no gradient: that is a third of the work, and as much memory as the weight.</para>
/// </remarks>
public static class OutputProjection
{
    // Chunks of 16 MiB in F32: smaller ones have the weight packed for the product more often, which costs more than a cache saves (measured
    // from 4 to 16). With fewer positions than this the products would wait for the weight to be read.
    private const long ChunkElements = 1 << 22;
    private const long FewestPositions = 64;

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
        var needed = !is_grad_enabled() ? Gradients.None : weight.requires_grad ? Gradients.All : features.requires_grad ? Gradients.OfFeatures : Gradients.None;
        var results = ProjectionFunction.apply(features, weight, bias ?? none!, taken, needed);
        return new TokenScores(results[0], results[1]);
    }

    /// <summary>Scores the taken tokens against the whole vocabulary of a language model.</summary>
    /// <param name="model">The model; gradients flow back to its output layer, and to that layer's adapter.</param>
    /// <param name="hidden">Hidden states, <c>[positions, hidden]</c>; gradients flow back here.</param>
    /// <param name="taken">Token ids, <c>[positions]</c>.</param>
    /// <returns>The scores, in F32.</returns>
    public static TokenScores Score(LanguageModel model, Tensor hidden, Tensor taken)
    {
        ArgumentNullException.ThrowIfNull(model);
        var (features, weight) = model.OutputFactors(hidden);
        return Score(features, weight, null, taken);
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

    private static IEnumerable<(long Start, long Length)> Chunks(long positions, long vocabulary)
    {
        var size = ChunkSize(vocabulary);
        for (var start = 0L; start < positions; start += size)
        {
            yield return (start, Math.Min(size, positions - start));
        }
    }

    /// <summary>Counts the scores that are held at a time, for any number of positions.</summary>
    internal static long ScoresAtATime(long vocabulary) => ChunkSize(vocabulary) * vocabulary;

    private static long ChunkSize(long vocabulary) => Math.Max(FewestPositions, ChunkElements / vocabulary);

    private enum Gradients
    {
        None,
        OfFeatures,
        All,
    }

    private sealed class ProjectionFunction : autograd.MultiTensorFunction<ProjectionFunction>
    {
        public override string Name => nameof(ProjectionFunction);

        public override List<Tensor> forward(autograd.AutogradContext ctx, params object[] vars)
        {
            var (features, weight, bias, taken, needed) = ((Tensor)vars[0], (Tensor)vars[1], (Tensor)vars[2], (Tensor)vars[3], (Gradients)vars[4]);
            using var scope = NewDisposeScope();
            var logSumExp = empty([features.size(0)], dtype: ScalarType.Float32, device: features.device);
            var sums = needed == Gradients.None ? null : new SoftmaxSums(features, weight, isWeightTrained: needed == Gradients.All);
            var memory = ChunkMemory(features, weight);
            foreach (var (start, length) in Chunks(features.size(0), weight.size(0)))
            {
                using var chunkScope = NewDisposeScope();
                var chunk = features.narrow(0, start, length);
                var scores = Scores(memory, chunk, weight, bias);
                var largest = scores.amax([1], keepdim: true);
                var exponentials = scores.sub_(largest).exp_();   // the one exponential: both the sum and the softmax come from it
                var total = exponentials.sum(1, keepdim: true);
                logSumExp.narrow(0, start, length).copy_((largest + total.log()).squeeze(1));
                sums?.Add(exponentials, total.reciprocal(), chunk, weight, start);
            }
            // What is saved is taken over after this method returns, so it must outlive the scope.
            ctx.save_for_backward([features, weight, bias, taken, logSumExp, .. sums?.Tensors.Select(tensor => tensor.MoveToOuterDisposeScope()) ?? []]);
            return [TakenOnly(features, weight, bias, taken).MoveToOuterDisposeScope(), logSumExp.MoveToOuterDisposeScope()];
        }

        public override List<Tensor> backward(autograd.AutogradContext ctx, List<Tensor> grad_outputs)
        {
            using var scope = NewDisposeScope();
            var saved = ctx.get_saved_variables();
            var (features, weight, bias, taken) = (saved[0], saved[1], saved[2], saved[3]);
            var (takenGradient, sumGradient) = (grad_outputs[0].to(features.dtype), grad_outputs[1]);
            var sums = new SoftmaxSums(saved[5], saved[6], saved[7]);
            if ((sumGradient == sumGradient[0]).all().ToBoolean())
            {
                sums.Scale(sumGradient[0].to(features.dtype));
            }
            else
            {
                Recompute(sums, features, weight, bias, saved[4], sumGradient);
            }
            sums.Features.addcmul_(takenGradient.unsqueeze(1), weight.index_select(0, taken), 1);
            sums.Bias.index_add_(0, taken, takenGradient, 1);
            if (!sums.IsWeightTrained)
            {
                return [sums.Features.MoveToOuterDisposeScope(), null!, sums.Bias.MoveToOuterDisposeScope(), null!, null!];
            }
            sums.Weight.index_add_(0, taken, takenGradient.unsqueeze(1) * features, 1);
            return [sums.Features.MoveToOuterDisposeScope(), sums.Weight.MoveToOuterDisposeScope(), sums.Bias.MoveToOuterDisposeScope(), null!, null!];
        }

        private static void Recompute(SoftmaxSums sums, Tensor features, Tensor weight, Tensor bias, Tensor logSumExp, Tensor sumGradient)
        {
            using var memory = ChunkMemory(features, weight);
            foreach (var (start, length) in Chunks(features.size(0), weight.size(0)))
            {
                using var chunkScope = NewDisposeScope();
                var chunk = features.narrow(0, start, length);
                var softmax = Scores(memory, chunk, weight, bias).sub_(logSumExp.narrow(0, start, length).unsqueeze(1)).exp_();
                sums.Add(softmax, sumGradient.narrow(0, start, length).unsqueeze(1), chunk, weight, start);
            }
        }

        // Of all chunks in turn: blocks that come and go, with what is kept between them, leave holes into which no later block fits.
        private static Tensor ChunkMemory(Tensor features, Tensor weight) =>
            empty([Math.Min(features.size(0), ChunkSize(weight.size(0))), weight.size(0)], weight.dtype, weight.device);

        // [positions, vocabulary]; overwrites what the memory held.
        private static Tensor Scores(Tensor memory, Tensor features, Tensor weight, Tensor bias) =>
            memory.narrow(0, 0, features.size(0)).copy_(bias).addmm_(features, weight.t(), 1, 1).to(ScalarType.Float32);
    }

    // P·W, Pᵀ·features and Pᵀ·1 for P = softmax, each row times how much its position counts: the gradients of logΣexp. A row of P comes
    // as any multiple of the softmax with the factor that undoes it, which costs less at the narrow side of a product than on P itself.
    private sealed class SoftmaxSums(Tensor features, Tensor weight, Tensor bias)
    {
        public SoftmaxSums(Tensor features, Tensor weight, bool isWeightTrained)
            : this(empty_like(features), isWeightTrained ? empty_like(weight) : empty(0, weight.dtype, weight.device), empty(weight.size(0), weight.dtype, weight.device))
        {
            if (features.size(0) == 0)   // no chunk will overwrite them
            {
                Weight.zero_();
                Bias.zero_();
            }
        }

        public Tensor Features => features;

        // Without elements where the weight does not train: TorchSharp saves no null for a backward pass.
        public Tensor Weight => weight;

        public bool IsWeightTrained => weight.numel() > 0;

        public Tensor Bias => bias;

        public Tensor[] Tensors => [features, weight, bias];

        // rows: [positions, vocabulary], factors: [positions, 1]
        public void Add(Tensor rows, Tensor factors, Tensor chunk, Tensor outputWeight, long start)
        {
            var (scaled, factor) = (rows.to(outputWeight.dtype), factors.to(outputWeight.dtype));
            features.narrow(0, start, chunk.size(0)).copy_(scaled.mm(outputWeight).mul_(factor));
            // The first chunk overwrites: what lay there before is not even read.
            var keep = start == 0 ? 0 : 1;
            if (IsWeightTrained)
            {
                weight.addmm_(scaled.t(), chunk * factor, keep, 1);
            }
            bias.addmv_(scaled.t(), factor.squeeze(1), keep, 1);
        }

        public void Scale(Tensor factor)
        {
            features.mul_(factor);
            weight.mul_(factor);
            bias.mul_(factor);
        }
    }
}
