using RlhfSharp.Models.Runtime;
using static TorchSharp.torch;

namespace RlhfSharp.Models.Generation;

/// <summary>Gives each row its next token: scores, processors, a draw, log-probabilities.</summary>
/// <param name="model">The model.</param>
/// <param name="options">How tokens are chosen.</param>
/// <param name="seed">The run's seed.</param>
/// <param name="processors">Change the scores before the options' own cuts.</param>
/// <param name="scoresAtATime">How many scores are looked at together; whole rows, one at least.</param>
internal sealed class TokenChooser(
    LanguageModel model, GenerationOptions options, long seed, IReadOnlyList<ILogitsProcessor> processors, int scoresAtATime = TokenChooser.ScoresAtATime)
{
    // Temporary tensors much larger than this come from fresh pages of memory each time, which takes longer than what is computed in them.
    public const int ScoresAtATime = 1 << 20;

    private readonly IReadOnlyList<ILogitsProcessor> _beforeCut =
        options.Temperature is 0 or 1 ? processors : [.. processors, new TemperatureProcessor(options.Temperature)];

    private readonly IReadOnlyList<ILogitsProcessor> _afterCut = AfterCut(options);

    /// <summary>Appends a token to each row.</summary>
    /// <param name="rows">The rows.</param>
    /// <param name="hidden">The hidden state at the end of each, <c>[rows, hidden]</c>.</param>
    /// <exception cref="InputException">The model's scores are not finite.</exception>
    public void Choose(IReadOnlyList<GenerationRow> rows, Tensor hidden)
    {
        using var scope = NewDisposeScope();
        var logits = model.Logits(hidden);   // [rows, vocabulary]
        var first = 0;
        foreach (var part in rows.Chunk((int)Math.Max(1, scoresAtATime / logits.size(1))))
        {
            using var partScope = NewDisposeScope();
            Choose(part, hidden.narrow(0, first, part.Length), logits.narrow(0, first, part.Length).to(ScalarType.Float32));
            first += part.Length;
        }
    }

    private void Choose(IReadOnlyList<GenerationRow> rows, Tensor hidden, Tensor logits)
    {
        var lastTokens = tensor(rows.Select(row => (long)row.LastToken).ToArray(), device: model.Device);
        var start = options.RepetitionPenalty == 1 ? logits
            : RepetitionPenalty.Apply(logits, [.. rows.Select(row => row.Prompt.Tokens.Concat(row.Tokens))], options.RepetitionPenalty);
        var scores = _beforeCut.Aggregate(start, (current, processor) => processor.Process(current, hidden, lastTokens));
        var (tokens, samplingLogProbs) = options.Temperature == 0 ? (TokenSampler.Greedy(scores), null) : Draw(rows, scores, hidden, lastTokens);
        // Where nothing but the model decides, the two are one.
        var logProbs = samplingLogProbs is not null && ReferenceEquals(scores, logits) && _afterCut.Count == 0 && options.TopK == 0
            ? samplingLogProbs
            : logits.gather(1, tokens.unsqueeze(1)).squeeze(1) - logits.logsumexp(1);
        Append(rows, tokens, logProbs, samplingLogProbs ?? zeros_like(logProbs));
    }

    private (Tensor Tokens, Tensor? LogProbs) Draw(IReadOnlyList<GenerationRow> rows, Tensor scores, Tensor hidden, Tensor lastTokens)
    {
        var candidates = Candidates.Best(scores, options.TopK);
        var cut = _afterCut.Aggregate(candidates.Scores, (current, processor) => processor.Process(current, hidden, lastTokens));
        var draws = rows.Select(row => NamedRandom.Uniform(seed, row.Prompt.Index, row.SampleIndex, row.Tokens.Count));
        var (places, logProbs) = TokenSampler.Draw(cut, [.. draws]);
        return (candidates.IdsAt(places), logProbs);
    }

    private static void Append(IReadOnlyList<GenerationRow> rows, Tensor tokens, Tensor logProbs, Tensor samplingLogProbs)
    {
        // One way from the device for all three; F64 holds every id.
        var chosen = stack([tokens.to(ScalarType.Float64), logProbs.to(ScalarType.Float64), samplingLogProbs.to(ScalarType.Float64)])
            .cpu().data<double>().ToArray();
        foreach (var (i, row) in rows.Index())
        {
            var (logProb, samplingLogProb) = (chosen[rows.Count + i], chosen[2 * rows.Count + i]);
            if (!double.IsFinite(logProb) || !double.IsFinite(samplingLogProb))
            {
                throw new InputException($"Prompt {row.Prompt.Index}: the model's scores are not finite numbers. "
                    + "Its weights are broken, or its training diverged.");
            }
            row.Append((int)chosen[i], logProb, samplingLogProb);
        }
    }

    private static List<ILogitsProcessor> AfterCut(GenerationOptions options)
    {
        var processors = new List<ILogitsProcessor>();
        if (options.TopP < 1)
        {
            processors.Add(new TopPProcessor(options.TopP));
        }
        if (options.MinP > 0)
        {
            processors.Add(new MinPProcessor(options.MinP));
        }
        return processors;
    }
}
