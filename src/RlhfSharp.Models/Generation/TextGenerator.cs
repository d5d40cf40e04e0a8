using System.ComponentModel.DataAnnotations;
using System.Runtime.CompilerServices;
using System.Threading.Channels;
using RlhfSharp.Models.Runtime;
using RlhfSharp.Models.Tokenization;
using static TorchSharp.torch;

namespace RlhfSharp.Models.Generation;

/// <summary>Continues prompts with a local model: batched, with a cache, one prefill per prompt however many samples it gets. Where a sample ends,
/// the next one begins.</summary>
/// <param name="model">The model.</param>
/// <param name="endTokens">Tokens that end a sample; none to go on to the largest length.</param>
/// <param name="tokenizer">Decodes samples and finds stop strings; null leaves texts empty.</param>
/// <remarks>The number that decides token t of sample i of prompt p depends on (seed, p, i, t) only, not on batches.</remarks>
public sealed class TextGenerator(LanguageModel model, IReadOnlyCollection<int> endTokens, Tokenizer? tokenizer = null)
{
    /// <summary>How many scores are looked at together when tokens are chosen, in whole rows.</summary>
    public const int ScoresAtATime = TokenChooser.ScoresAtATime;

    /// <summary>Continues prompts.</summary>
    /// <param name="prompts">Token ids, each prompt with at least one and fewer than the model's context holds.</param>
    /// <param name="samplesPerPrompt">From 1 up.</param>
    /// <param name="options">How tokens are chosen.</param>
    /// <param name="seed">The run's seed.</param>
    /// <param name="processors">Change the scores after the repetition penalty and before temperature, top-k, top-p and min-p do.</param>
    /// <param name="firstPrompt">The index of the first prompt, where these are part of a longer list.</param>
    /// <param name="onText">Called on this thread with each piece of text as soon as it is certain; needs a tokenizer. What it throws ends the work.</param>
    /// <param name="cancellationToken">Looked at before each new token.</param>
    /// <returns>Samples ordered by prompt, then by sample.</returns>
    /// <exception cref="InputException">An option is out of its range; a prompt is empty, fills the context or has an unknown id; a stop string is empty or there is no tokenizer
    /// to find it; or the model's scores are not finite.</exception>
    public IReadOnlyList<GeneratedSample> Generate(
        IReadOnlyList<IReadOnlyList<int>> prompts,
        int samplesPerPrompt,
        GenerationOptions options,
        long seed,
        IReadOnlyList<ILogitsProcessor>? processors = null,
        int firstPrompt = 0,
        Action<TextDelta>? onText = null,
        CancellationToken cancellationToken = default)
    {
        CheckPrompts(prompts, firstPrompt);
        CheckOptions(options);
        if (onText is not null && tokenizer is null)
        {
            throw new InputException("Text as it grows needs a tokenizer, and the model has none.");
        }
        CheckStopStrings(options.StopStrings);
        var rows = from prompt in prompts.Index()
                   let shared = new GenerationPrompt(firstPrompt + prompt.Index, prompt.Item, samplesPerPrompt)
                   from sample in Enumerable.Range(0, samplesPerPrompt)
                   let room = model.Config.MaxPositions - prompt.Item.Count
                   let text = onText is null ? null : new CertainText(tokenizer!, options.StopStrings)
                   select new GenerationRow(shared, sample, Math.Min(options.MaxNewTokens, room)) { Text = text };
        var all = rows.ToList();
        Action<GenerationRow>? onToken = onText is null ? null : row => Tell(row, options.StopStrings, onText);
        Grow(all, new TokenChooser(model, options, seed, processors ?? []), options, onToken, cancellationToken);
        return [.. all.Select(row => row.ToSample(tokenizer, options.StopStrings))];
    }

    /// <summary>Continues prompts on a thread of its own and gives each piece of text as soon as it is certain, whichever sample it belongs to.</summary>
    /// <param name="prompts">See <see cref="Generate"/>, as for all that follow.</param>
    /// <param name="samplesPerPrompt">From 1 up.</param>
    /// <param name="options">How tokens are chosen.</param>
    /// <param name="seed">The run's seed.</param>
    /// <param name="processors">Change the scores.</param>
    /// <param name="firstPrompt">The index of the first prompt.</param>
    /// <param name="cancellationToken">Looked at before each new token.</param>
    /// <returns>Pieces; those of one sample come in order, its last one with the whole sample. Whoever stops listening ends the work, and goes on when
    /// the model is at rest.</returns>
    /// <exception cref="InputException">As from <see cref="Generate"/>, or there is no tokenizer.</exception>
    public async IAsyncEnumerable<TextDelta> StreamAsync(
        IReadOnlyList<IReadOnlyList<int>> prompts,
        int samplesPerPrompt,
        GenerationOptions options,
        long seed,
        IReadOnlyList<ILogitsProcessor>? processors = null,
        int firstPrompt = 0,
        [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var channel = Channel.CreateUnbounded<TextDelta>(new() { SingleReader = true, SingleWriter = true });
        // Dispose scopes and no_grad belong to a thread.
        var work = Task.Factory.StartNew(Work, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        try
        {
            await foreach (var delta in channel.Reader.ReadAllAsync(CancellationToken.None).ConfigureAwait(false))
            {
                yield return delta;
            }
        }
        finally
        {
            await stop.CancelAsync().ConfigureAwait(false);
            await work.ConfigureAwait(false);
        }

        void Work()
        {
            Exception? failure = null;
            try
            {
                Generate(prompts, samplesPerPrompt, options, seed, processors, firstPrompt, delta => channel.Writer.TryWrite(delta), stop.Token);
            }
            catch (Exception exception)
            {
                failure = exception;
            }
            channel.Writer.Complete(failure);   // whoever reads gets it thrown
        }
    }

    /// <summary>Lets samples grow to their ends.</summary>
    /// <param name="rows">The samples, those of a prompt side by side.</param>
    /// <param name="chooser">Chooses tokens.</param>
    /// <param name="options">How many grow at a time, and where they end.</param>
    /// <param name="onToken">Called for each sample with each new token.</param>
    /// <param name="cancellationToken">Looked at before each new token.</param>
    internal void Grow(
        IReadOnlyList<GenerationRow> rows, TokenChooser chooser, GenerationOptions options, Action<GenerationRow>? onToken, CancellationToken cancellationToken)
    {
        using var noGrad = no_grad();
        var stopWatcher = new StopWatcher(tokenizer, options.StopStrings, endTokens);
        var queue = new AdmissionQueue(rows, options);
        using var batch = new GenerationBatch(model, sharesPrompts: rows.Any(row => row.Prompt.Unfinished > 1));
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var entering = queue.Admit();
            if (batch.Rows.Count + entering.Count == 0)
            {
                return;
            }
            using var scope = NewDisposeScope();
            var hidden = batch.Read(entering);   // [rows, hidden]
            chooser.Choose(batch.Rows, hidden);
            foreach (var row in batch.Rows)
            {
                row.FinishIfDue(stopWatcher);
                onToken?.Invoke(row);
            }
            batch.RemoveFinished(queue.Release);
        }
    }

    private void Tell(GenerationRow row, IReadOnlyList<string> stopStrings, Action<TextDelta> onText)
    {
        var finished = row.IsFinished ? row.ToSample(tokenizer, stopStrings) : null;
        var news = finished is null ? row.Text!.Grow(row.LastToken) : row.Text!.Finish(finished.Text);
        if (news.Length > 0 || finished is not null)
        {
            onText(new TextDelta(row.Prompt.Index, row.SampleIndex, news, finished));
        }
    }

    private static void CheckOptions(GenerationOptions options)
    {
        var problems = new List<ValidationResult>();
        if (!Validator.TryValidateObject(options, new ValidationContext(options), problems, validateAllProperties: true))
        {
            throw new InputException($"{nameof(GenerationOptions)}: {string.Join(" ", problems.Select(problem => problem.ErrorMessage))}");
        }
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
