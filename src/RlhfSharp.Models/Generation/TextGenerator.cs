using RlhfSharp.Models.Architectures;
using RlhfSharp.Models.Runtime;
using RlhfSharp.Models.Tokenization;
using static TorchSharp.torch;

namespace RlhfSharp.Models.Generation;

/// <summary>Continues prompts with a local model: batched, with a cache, one prefill per prompt however many samples it gets.</summary>
/// <param name="model">The model.</param>
/// <param name="endTokens">Tokens that end a sample; none to go on to the largest length.</param>
/// <param name="tokenizer">Decodes samples and finds stop strings; null leaves texts empty.</param>
/// <remarks>The number that decides token t of sample i of prompt p depends on (seed, p, i, t) only, not on batches.</remarks>
public sealed class TextGenerator(LanguageModel model, IReadOnlyCollection<int> endTokens, Tokenizer? tokenizer = null)
{
    /// <summary>Continues prompts.</summary>
    /// <param name="prompts">Token ids, each prompt with at least one and fewer than the model's context holds.</param>
    /// <param name="samplesPerPrompt">From 1 up.</param>
    /// <param name="options">How tokens are chosen.</param>
    /// <param name="seed">The run's seed.</param>
    /// <param name="processors">Change the scores after the repetition penalty and before temperature, top-k, top-p and min-p do.</param>
    /// <param name="firstPrompt">The index of the first prompt, where these are part of a longer list.</param>
    /// <param name="cancellationToken">Looked at before each new token.</param>
    /// <returns>Samples ordered by prompt, then by sample.</returns>
    /// <exception cref="InputException">A prompt is empty, fills the context or has an unknown id; a stop string is empty or there is no tokenizer
    /// to find it; or the model's scores are not finite.</exception>
    public IReadOnlyList<GeneratedSample> Generate(
        IReadOnlyList<IReadOnlyList<int>> prompts,
        int samplesPerPrompt,
        GenerationOptions options,
        long seed,
        IReadOnlyList<ILogitsProcessor>? processors = null,
        int firstPrompt = 0,
        CancellationToken cancellationToken = default)
    {
        CheckPrompts(prompts, firstPrompt);
        CheckStopStrings(options.StopStrings);
        var pipeline = Pipeline(options, processors ?? []);
        var rows = from prompt in Enumerable.Range(0, prompts.Count)
                   from sample in Enumerable.Range(0, samplesPerPrompt)
                   let room = model.Config.MaxPositions - prompts[prompt].Count
                   select new GenerationRow(firstPrompt + prompt, sample, prompts[prompt], Math.Min(options.MaxNewTokens, room));
        var finished = new List<GeneratedSample>();
        foreach (var batch in rows.Chunk(options.BatchSize))
        {
            GenerateBatch(batch, pipeline, options, seed, cancellationToken);
            finished.AddRange(batch.Select(row => row.ToSample(tokenizer, options.StopStrings)));
        }
        return finished;
    }

    private void GenerateBatch(
        GenerationRow[] batch, IReadOnlyList<ILogitsProcessor> pipeline, GenerationOptions options, long seed, CancellationToken cancellationToken)
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        var stopWatcher = new StopWatcher(tokenizer, options.StopStrings, endTokens);
        var prompts = batch.DistinctBy(row => row.PromptIndex).ToList();
        var indexOf = prompts.Index().ToDictionary(prompt => prompt.Item.PromptIndex, prompt => prompt.Index);
        var promptOfRow = batch.Select(row => indexOf[row.PromptIndex]).ToList();
        using var cache = new KeyValueCache(
            model.Config, [.. prompts.Select(row => row.Prompt.Count)], promptOfRow,
            newTokens: batch.Max(row => row.MaxNewTokens) - 1, model.Type, model.Device);
        var hidden = Prefill([.. prompts.Select(row => row.Prompt)], promptOfRow, cache);   // [rows, hidden]
        var live = batch.ToList();
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            using var stepScope = NewDisposeScope();
            ChooseTokens(live, hidden, pipeline, options, seed);
            hidden.Dispose();
            foreach (var row in live)
            {
                row.FinishIfDue(stopWatcher);
            }
            if (live.All(row => row.IsFinished))
            {
                return;
            }
            if (live.Count(row => !row.IsFinished) <= live.Count / 2)
            {
                cache.Keep([.. live.Index().Where(row => !row.Item.IsFinished).Select(row => row.Index)]);
                live.RemoveAll(row => row.IsFinished);
            }
            cache.Advance();
            // A finished row that is still in the batch may be past the context's end.
            var newest = live.Select(row => Math.Min((long)row.NextPosition, model.Config.MaxPositions - 1));
            var positions = tensor(newest.ToArray(), device: model.Device);
            var tokens = tensor(live.Select(row => (long)row.Tokens[^1]).ToArray(), device: model.Device);
            hidden = model.Backbone.Forward(tokens, new DecodingAttention(cache, positions)).MoveToOuterDisposeScope();
        }
    }

    // Each distinct prompt is read once; its samples share what was computed. Returns the hidden state after each row's prompt.
    private Tensor Prefill(IReadOnlyList<IReadOnlyList<int>> prompts, List<int> promptOfRow, KeyValueCache cache)
    {
        using var scope = NewDisposeScope();
        var attention = new SequenceAttention([.. prompts.Select(prompt => prompt.Count)], model.Device, cache.StorePrompts);
        var tokens = tensor(prompts.SelectMany(prompt => prompt).Select(id => (long)id).ToArray(), device: model.Device);
        var hidden = model.Backbone.Forward(tokens, attention);   // [tokens of all prompts, hidden]
        var last = -1L;
        var lastOfPrompt = prompts.Select(prompt => last += prompt.Count).ToList();
        var lastOfRow = tensor(promptOfRow.Select(prompt => lastOfPrompt[prompt]).ToArray(), device: model.Device);
        return hidden.index_select(0, lastOfRow).MoveToOuterDisposeScope();
    }

    private void ChooseTokens(List<GenerationRow> live, Tensor hidden, IReadOnlyList<ILogitsProcessor> pipeline, GenerationOptions options, long seed)
    {
        var logits = model.Logits(hidden).to(ScalarType.Float32);   // [rows, vocabulary]
        var lastTokens = tensor(live.Select(row => (long)row.LastToken).ToArray(), device: model.Device);
        var start = options.RepetitionPenalty == 1 ? logits
            : RepetitionPenalty.Apply(logits, live.ConvertAll(row => row.Prompt.Concat(row.Tokens)), options.RepetitionPenalty);
        var scores = pipeline.Aggregate(start, (current, processor) => processor.Process(current, hidden, lastTokens));
        var isGreedy = options.Temperature == 0;
        var chosen = isGreedy
            ? TokenSampler.Greedy(scores)
            : TokenSampler.Draw(scores, [.. live.Select(row => NamedRandom.Uniform(seed, row.PromptIndex, row.SampleIndex, row.Tokens.Count))]);
        var index = chosen.unsqueeze(1);
        var logProbs = (logits.gather(1, index) - logits.logsumexp(1, keepdim: true)).cpu().data<float>().ToArray();
        var samplingLogProbs = isGreedy ? null : (scores.gather(1, index) - scores.logsumexp(1, keepdim: true)).cpu().data<float>().ToArray();
        var ids = chosen.cpu().data<long>().ToArray();
        for (var row = 0; row < live.Count; row++)
        {
            if (!float.IsFinite(logProbs[row]) || !float.IsFinite(samplingLogProbs?[row] ?? 0))
            {
                throw new InputException($"Prompt {live[row].PromptIndex}: the model's scores are not finite numbers. "
                    + "Its weights are broken, or its training diverged.");
            }
            live[row].Append((int)ids[row], logProbs[row], samplingLogProbs?[row] ?? 0);
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

    private void CheckStopStrings(IReadOnlyList<string> stopStrings)
    {
        if (stopStrings.Any(string.IsNullOrEmpty))
        {
            throw new InputException("A stop string is empty: every sample would end at once. Leave it out.");
        }
        if (stopStrings.Count > 0 && tokenizer is null)
        {
            throw new InputException($"Stop strings ('{stopStrings[0]}') need a tokenizer, and the model has none.");
        }
    }

    private void CheckPrompts(IReadOnlyList<IReadOnlyList<int>> prompts, int firstPrompt)
    {
        for (var i = 0; i < prompts.Count; i++)
        {
            if (prompts[i].Count == 0)
            {
                throw new InputException($"Prompt {firstPrompt + i} is empty. "
                    + "A prompt needs at least one token, a beginning-of-sequence token for instance.");
            }
            if (prompts[i].Count >= model.Config.MaxPositions)
            {
                throw new InputException($"Prompt {firstPrompt + i} has {prompts[i].Count} tokens; "
                    + $"the model's context of {model.Config.MaxPositions} leaves no room for an answer.");
            }
            if (prompts[i].Any(id => id < 0 || id >= model.Config.VocabularySize))
            {
                throw new InputException($"Prompt {firstPrompt + i} holds a token id "
                    + $"outside the model's vocabulary of {model.Config.VocabularySize}.");
            }
        }
    }
}
