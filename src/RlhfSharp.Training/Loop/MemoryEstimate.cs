using RlhfSharp.Models;
using RlhfSharp.Models.Generation;
using RlhfSharp.Models.Heads;
using RlhfSharp.Models.Runtime;
using RlhfSharp.Training.Data;
using RlhfSharp.Training.Objectives;
using RlhfSharp.Training.Rollouts;
using static TorchSharp.torch;

namespace RlhfSharp.Training.Loop;

/// <summary>What a training run takes of memory above the idle process, in bytes; known before the first step.</summary>
/// <remarks>
/// <para>Counted are tensors that live at the same time, each at its size, at the moment that takes most of three: when the last block that takes much is just computed and still holds
/// all that it made; when the output layer's scores are there; and when the backward pass begins. Left out is what lies around them: holes of the C library's heap, into
/// which tensors below 5 MB may not fit again (with glibc, after <see cref="PrepareHeap"/>; below 32 MB without it), buffers of matrix products, rows and texts of
/// the data, models that score rewards, and evaluations that sample.</para>
/// </remarks>
public sealed record MemoryEstimate
{
    private const long LargeRun = 500_000_000;
    private const int BytesPerFloat = 4;
    private const int CopiesOfScores = 4;   // what choosing a token makes of the scores it looks at

    /// <summary>Gets the parameters of model, heads and adapter.</summary>
    public required long Weights { get; init; }

    /// <summary>Gets the copies of the model that an objective compares with or starts over from. DPO and KTO ask the model once before training and need none, nor does an adapter.</summary>
    public required long Reference { get; init; }

    /// <summary>Gets the gradients of what trains.</summary>
    public required long Gradients { get; init; }

    /// <summary>Gets AdamW's two moments, and F32 copies of weights that are not F32.</summary>
    public required long Optimizer { get; init; }

    /// <summary>Gets what the largest forward pass and its backward pass take, the output layer's scores included.</summary>
    public required long Activations { get; init; }

    /// <summary>Gets the same as if <see cref="LoopOptions.GradientCheckpointing"/> were set otherwise.</summary>
    public required long OtherwiseActivations { get; init; }

    /// <summary>Gets what drawing samples takes: keys and values of the cache, scores; 0 where none are drawn.</summary>
    public required long Sampling { get; init; }

    /// <summary>Gets the most that lives at a time: samples are drawn between steps, when there are no activations.</summary>
    public long Peak => Weights + Reference + Gradients + Optimizer + Math.Max(Activations, Sampling);

    /// <summary>Has a large run take what is estimated instead of up to half as much again (<see cref="LargeBlocks"/>): one whose peak is 500 MB or more. To be called before the first step.</summary>
    public void PrepareHeap()
    {
        if (Peak >= LargeRun)
        {
            LargeBlocks.TakeFromTheSystem();
        }
    }

    /// <summary>Estimates a run.</summary>
    /// <param name="model">The model as it will train: with heads and adapter, its frozen parameters frozen.</param>
    /// <param name="objective">What is optimised.</param>
    /// <param name="loop">The loop's settings.</param>
    /// <param name="rowLengths">The tokens of each row, of both sides where a row is a pair that is read as two sequences.</param>
    /// <param name="longestPrompt">The tokens of the longest prompt that samples are drawn for; 0 where none are.</param>
    /// <param name="seed">The run's seed: it decides which rows meet.</param>
    /// <returns>The estimate.</returns>
    public static MemoryEstimate Of(TransformerModel model, ObjectiveOptions objective, LoopOptions loop, IReadOnlyList<int> rowLengths, int longestPrompt, long seed)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(loop);
        var all = model.AllParameters.Select(pair => pair.Value).ToList();
        var trained = all.Where(parameter => parameter.requires_grad).ToList();
        var type = Size(model.Type);
        var pass = Largest(new BatchPlan(rowLengths, loop, seed), rowLengths, objective is RewardModelOptions or OnPolicyOptions { AnswersPerRow: 2 });
        var sampled = objective as OnPolicyOptions;
        var copies = trained.Where(parameter => parameter.dtype != ScalarType.Float32).Sum(parameter => parameter.numel() * BytesPerFloat);
        return new MemoryEstimate
        {
            Weights = all.Sum(Bytes),
            Reference = (sampled is not null && model.Adapter is null ? model.Parameters.Tensors.Sum(pair => Bytes(pair.Value)) : 0)
                + (objective is RestOptions { Start: RestStart.Base } ? trained.Sum(Bytes) : 0),
            Gradients = trained.Sum(Bytes),
            Optimizer = trained.Sum(parameter => 2 * BytesPerFloat * parameter.numel()) + copies,
            Activations = Math.Max(copies, ActivationBytes(model, objective, pass, loop.GradientCheckpointing, type)),   // in an update, gradients are copied to F32
            OtherwiseActivations = Math.Max(copies, ActivationBytes(model, objective, pass, !loop.GradientCheckpointing, type)),
            Sampling = sampled is null ? 0 : SamplingBytes(model, sampled, longestPrompt, type),
        };
    }

    private static long ActivationBytes(TransformerModel model, ObjectiveOptions objective, IReadOnlyList<int> lengths, bool isCheckpointed, int type)
    {
        long tokens = lengths.Sum();
        var config = model.Config;
        var states = tokens * config.HiddenSize;
        var blocks = Enumerable.Range(0, config.LayerCount).Select(layer => model.CountBlock(layer, lengths)).ToList();
        var passing = blocks.Max(block => block.Passing);
        var inBlocks = isCheckpointed ? blocks.Count(block => block.Kept > 0) * states + blocks.Max(block => block.Kept) : blocks.Sum(block => block.Kept);
        var forward = states + Enumerable.Range(0, blocks.Count).Max(layer => blocks[layer].Made
            + blocks.Take(layer).Sum(block => !isCheckpointed ? block.Kept : block.Kept > 0 ? states : 0));   // when a block is just computed
        var above = 3 * states;   // out of the last block, out of the last norm, and the gradient that goes back
        if (model is not LanguageModel language)
        {
            return type * Math.Max(forward, inBlocks + passing + above);
        }
        // The projection's features, their gradient, and the gradient of its weight are made in the forward pass; the weight's is added up in the backward pass.
        var output = states + states + (IsOutputAdapted(language) ? 2 * states + 2 * language.OutputWeight.numel() : Trained(language.OutputWeight));
        var heads = HeadNumbers(model, objective, tokens);
        var chunk = BytesPerFloat * (Math.Min(OutputProjection.ScoresAtATime(config.VocabularySize), tokens * config.VocabularySize) + states);
        var before = type * (inBlocks + above + output + heads);
        // At the end blocks are done with, but the gradient of an embedding is as large as the embedding.
        var atEnd = type * (above + output + heads + Trained(model.Parameters.Tensors.First().Value));
        return Math.Max(type * forward, Math.Max(before + Math.Max(chunk, type * passing), atEnd));
    }

    // A head's inner layer is twice as wide; Q heads project onto the vocabulary as the output layer does, target heads for the taken tokens alone.
    private static long HeadNumbers(TransformerModel model, ObjectiveOptions objective, long tokens)
    {
        var inner = tokens * 2 * model.Config.HiddenSize;
        if (model.Head<IlqlHeads>() is { } ilql)
        {
            return inner + ilql.Q.Sum(head => 2 * inner + Trained(head.OutputWeight)) + ilql.TargetQ.Count * 3 * inner;
        }
        return objective is PpoOptions ? inner : 0;
    }

    private static long SamplingBytes(TransformerModel model, OnPolicyOptions options, int longestPrompt, int type)
    {
        var config = model.Config;
        long rows = Math.Min(RolloutSampler.BatchSize, options.RowsPerRound);
        long prompts = Math.Max(1, rows / Math.Max(1, options.Samples));
        var column = 2L * config.LayerCount * config.KeyValueHeadCount * config.HeadSize;
        // More tokens than the budget are not let in together, unless a single sample needs them.
        var tokens = Math.Min(
            options.Samples > 1 ? prompts * longestPrompt + rows * options.MaxNewTokens : rows * (longestPrompt + options.MaxNewTokens),
            Math.Max(new GenerationOptions().TokenBudget, longestPrompt + options.MaxNewTokens));
        var scores = rows * config.VocabularySize;
        var drawing = type * (column * tokens + scores) + CopiesOfScores * BytesPerFloat * Math.Min(scores, Math.Max(TextGenerator.ScoresAtATime, config.VocabularySize));
        var block = model.CountBlock(config.LayerCount - 1, [(int)Math.Min(PromptSharing.TokensPerBatch, options.RowsPerRound * (long)(longestPrompt + options.MaxNewTokens))]);
        return Math.Max(drawing, type * block.Made + BytesPerFloat * OutputProjection.ScoresAtATime(config.VocabularySize));   // then all samples are read once, block by block
    }

    private static IReadOnlyList<int> Largest(BatchPlan plan, IReadOnlyList<int> rowLengths, bool isPair)
    {
        const int StepsToLookAt = 200;
        var rows = Enumerable.Range(1, Math.Min(plan.TotalSteps, Math.Min(plan.StepsPerEpoch, StepsToLookAt)))
            .SelectMany(plan.MicroBatches).MaxBy(batch => batch.Sum(row => (long)rowLengths[row]))!;
        return isPair ? [.. rows.SelectMany(row => new[] { (rowLengths[row] + 1) / 2, Math.Max(1, rowLengths[row] / 2) })] : [.. rows.Select(row => rowLengths[row])];
    }

    // Features and weight are copied then, to be made wider by the rank, and the copy has a gradient.
    private static bool IsOutputAdapted(LanguageModel model) => model.Adapter?.Layers.Contains(model.Config.OutputLayerName!) == true;

    private static long Trained(Tensor parameter) => parameter.requires_grad ? parameter.numel() : 0;

    private static long Bytes(Tensor parameter) => parameter.numel() * Size(parameter.dtype);

    private static int Size(ScalarType type) => type is ScalarType.BFloat16 or ScalarType.Float16 ? 2 : BytesPerFloat;
}
