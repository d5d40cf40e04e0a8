using RlhfSharp.Models.Runtime;
using static TorchSharp.torch;

namespace RlhfSharp.Models.Generation;

/// <summary>Gives each row its next token: scores, processors, a draw, log-probabilities.</summary>
/// <param name="model">The model.</param>
/// <param name="options">How tokens are chosen.</param>
/// <param name="seed">The run's seed.</param>
/// <param name="processors">Change the scores before the options' own cuts.</param>
internal sealed class TokenChooser(LanguageModel model, GenerationOptions options, long seed, IReadOnlyList<ILogitsProcessor> processors)
{
    private readonly IReadOnlyList<ILogitsProcessor> _pipeline = Pipeline(options, processors);

    /// <summary>Appends a token to each row.</summary>
    /// <param name="rows">The rows.</param>
    /// <param name="hidden">The hidden state at the end of each, <c>[rows, hidden]</c>.</param>
    /// <exception cref="InputException">The model's scores are not finite.</exception>
    public void Choose(IReadOnlyList<GenerationRow> rows, Tensor hidden)
    {
        using var scope = NewDisposeScope();
        var logits = model.Logits(hidden).to(ScalarType.Float32);   // [rows, vocabulary]
        var lastTokens = tensor(rows.Select(row => (long)row.LastToken).ToArray(), device: model.Device);
        var start = options.RepetitionPenalty == 1 ? logits
            : RepetitionPenalty.Apply(logits, [.. rows.Select(row => row.Prompt.Tokens.Concat(row.Tokens))], options.RepetitionPenalty);
        var scores = _pipeline.Aggregate(start, (current, processor) => processor.Process(current, hidden, lastTokens));
        var isGreedy = options.Temperature == 0;
        var chosen = isGreedy
            ? TokenSampler.Greedy(scores)
            : TokenSampler.Draw(scores, [.. rows.Select(row => NamedRandom.Uniform(seed, row.Prompt.Index, row.SampleIndex, row.Tokens.Count))]);
        var index = chosen.unsqueeze(1);
        var logProbs = (logits.gather(1, index) - logits.logsumexp(1, keepdim: true)).cpu().data<float>().ToArray();
        var samplingLogProbs = isGreedy ? null : (scores.gather(1, index) - scores.logsumexp(1, keepdim: true)).cpu().data<float>().ToArray();
        var ids = chosen.cpu().data<long>().ToArray();
        foreach (var (i, row) in rows.Index())
        {
            if (!float.IsFinite(logProbs[i]) || !float.IsFinite(samplingLogProbs?[i] ?? 0))
            {
                throw new InputException($"Prompt {row.Prompt.Index}: the model's scores are not finite numbers. "
                    + "Its weights are broken, or its training diverged.");
            }
            row.Append((int)ids[i], logProbs[i], samplingLogProbs?[i] ?? 0);
        }
    }

    private static IReadOnlyList<ILogitsProcessor> Pipeline(GenerationOptions options, IReadOnlyList<ILogitsProcessor> processors)
    {
        List<ILogitsProcessor> pipeline = [.. processors];
        if (options.Temperature is not (0 or 1))
        {
            pipeline.Add(new TemperatureProcessor(options.Temperature));
        }
        if (options.TopK > 0)
        {
            pipeline.Add(new TopKProcessor(options.TopK));
        }
        if (options.TopP < 1)
        {
            pipeline.Add(new TopPProcessor(options.TopP));
        }
        if (options.MinP > 0)
        {
            pipeline.Add(new MinPProcessor(options.MinP));
        }
        return pipeline;
    }
}
