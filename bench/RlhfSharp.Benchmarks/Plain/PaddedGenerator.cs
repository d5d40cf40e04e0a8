using RlhfSharp.Models;
using RlhfSharp.Models.Generation;
using RlhfSharp.Models.Runtime;
using static TorchSharp.torch;

namespace RlhfSharp.Benchmarks.Plain;

/// <summary>Continues prompts in fixed batches: pads all rows to the longest prompt, and goes on until the slowest row has its tokens.</summary>
/// <remarks>The network is RlhfSharp's own, and so are the processors and the way a token is drawn.</remarks>
internal sealed class PaddedGenerator(LanguageModel model, int batchSize)
{
    /// <summary>Continues prompts.</summary>
    /// <param name="rows">Per row its prompt, the prompt's index, the sample's index and how many tokens it gets.</param>
    /// <param name="processors">Change the scores before a token is chosen.</param>
    /// <param name="seed">Null takes the best token always; otherwise tokens are drawn.</param>
    /// <returns>The new tokens of each row.</returns>
    public List<long[]> Generate(IReadOnlyList<(int[] Tokens, int Prompt, int Sample, int NewTokens)> rows, IReadOnlyList<ILogitsProcessor> processors, long? seed) =>
        [.. rows.Chunk(batchSize).SelectMany(batch => GenerateBatch(batch, processors, seed))];

    private IEnumerable<long[]> GenerateBatch((int[] Tokens, int Prompt, int Sample, int NewTokens)[] rows, IReadOnlyList<ILogitsProcessor> processors, long? seed)
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        var longest = rows.Max(row => row.Tokens.Length);
        var newTokens = rows.Max(row => row.NewTokens);
        var attention = new PaddedAttention(model.Config, [.. rows.Select(row => row.Tokens.Length)], newTokens);
        var read = tensor(rows.SelectMany(row => Enumerable.Repeat(0L, longest - row.Tokens.Length).Concat(row.Tokens.Select(id => (long)id))).ToArray());
        var chosen = new List<long[]>();
        while (chosen.Count < newTokens)
        {
            using var stepScope = NewDisposeScope();
            var columns = chosen.Count == 0 ? longest : 1;
            attention.Advance(columns);
            var hidden = model.Backbone.Forward(read, attention).view(rows.Length, columns, -1).select(1, columns - 1);   // [rows, hidden]
            var last = read.view(rows.Length, columns).select(1, columns - 1);
            var scores = processors.Aggregate(model.Logits(hidden), (current, processor) => processor.Process(current, hidden, last));
            read = seed is { } given
                ? TokenSampler.Draw(scores, [.. rows.Select(row => NamedRandom.Uniform(given, row.Prompt, row.Sample, chosen.Count))]).Tokens
                : scores.argmax(1);
            chosen.Add(read.data<long>().ToArray());
            read.MoveToOuterDisposeScope();
        }
        return [.. rows.Select((row, index) => chosen.Take(row.NewTokens).Select(column => column[index]).ToArray())];
    }
}
