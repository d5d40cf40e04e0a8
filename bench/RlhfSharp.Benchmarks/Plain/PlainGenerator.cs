using RlhfSharp.Models;
using RlhfSharp.Models.Generation;
using RlhfSharp.Models.Runtime;
using static TorchSharp.torch;

namespace RlhfSharp.Benchmarks.Plain;

/// <summary>Continues prompts as one would write it at first: each row reads a prompt and scores all its positions; the cache grows by copies.</summary>
/// <remarks>Rows are equally long. Processors are ours.</remarks>
internal sealed class PlainGenerator(LanguageModel model)
{
    private readonly PlainGpt2 _network = new(model);

    /// <summary>Continues prompts.</summary>
    /// <param name="prompts">Token ids, all prompts equally long.</param>
    /// <param name="samplesPerPrompt">Rows per prompt.</param>
    /// <param name="newTokens">How many tokens each row gets.</param>
    /// <param name="processors">Change the scores before a token is chosen.</param>
    /// <param name="seed">Null takes the best token always; otherwise tokens are drawn.</param>
    /// <returns>The new tokens, <c>[rows][newTokens]</c>, ordered by prompt, then by sample.</returns>
    public List<long[]> Generate(
        IReadOnlyList<int[]> prompts, int samplesPerPrompt, int newTokens, IReadOnlyList<ILogitsProcessor> processors, long? seed)
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        var rows = prompts.Index().SelectMany(prompt => Enumerable.Range(0, samplesPerPrompt).Select(sample => (prompt.Index, sample))).ToList();
        var (cache, hidden, logits) = Prefill([.. rows.Select(row => prompts[row.Index])]);
        using var ownedCache = cache;
        var lastTokens = tensor(rows.Select(row => (long)prompts[row.Index][^1]).ToArray());
        var chosen = new List<long[]>();
        while (true)
        {
            using var stepScope = NewDisposeScope();
            var lastHidden = hidden;
            var lastRead = lastTokens;
            var scores = processors.Aggregate(logits, (current, processor) => processor.Process(current, lastHidden, lastRead));
            lastTokens = seed is { } given
                ? Draw(scores, [.. rows.Select(row => NamedRandom.Uniform(given, row.Index, row.sample, chosen.Count))])
                : scores.argmax(1);
            chosen.Add(lastTokens.data<long>().ToArray());
            if (chosen.Count == newTokens)
            {
                return [.. Enumerable.Range(0, rows.Count).Select(row => chosen.Select(column => column[row]).ToArray())];
            }
            lastTokens.MoveToOuterDisposeScope();
            var step = _network.Forward(lastTokens.unsqueeze(1), cache);            // [rows, 1, hidden]
            logits = _network.Logits(step).squeeze(1).MoveToOuterDisposeScope();
            hidden = step.squeeze(1).MoveToOuterDisposeScope();
        }
    }

    private (PlainCache Cache, Tensor Hidden, Tensor Logits) Prefill(IReadOnlyList<int[]> rows)
    {
        var (caches, hiddens, scores) = (new List<PlainCache>(), new List<Tensor>(), new List<Tensor>());
        var layers = model.Config.LayerCount;
        foreach (var prompt in rows)
        {
            using var rowScope = NewDisposeScope();
            caches.Add(new PlainCache(layers));
            var hidden = _network.Forward(tensor(prompt.Select(id => (long)id).ToArray()).unsqueeze(0), caches[^1]);   // [1, prompt, hidden]
            var logits = _network.Logits(hidden);                                                                      // [1, prompt, vocabulary]
            hiddens.Add(hidden.select(1, prompt.Length - 1).clone().MoveToOuterDisposeScope());
            scores.Add(logits.select(1, prompt.Length - 1).clone().MoveToOuterDisposeScope());
        }
        var stacked = PlainCache.Stack(caches, layers);
        caches.ForEach(cache => cache.Dispose());
        return (stacked, cat(hiddens, 0), cat(scores, 0));
    }

    /// <summary>Draws a token per row from scores, as one would write it at first.</summary>
    /// <param name="scores"><c>[rows, vocabulary]</c>.</param>
    /// <param name="draws">From 0 up to 1, one per row.</param>
    private static Tensor Draw(Tensor scores, double[] draws)
    {
        var cumulative = scores.to(ScalarType.Float64).softmax(1).cumsum(1);
        var total = cumulative.narrow(1, cumulative.size(1) - 1, 1);
        return searchsorted(cumulative, tensor(draws, [draws.Length, 1]) * total, right: true).squeeze(1);
    }
}
