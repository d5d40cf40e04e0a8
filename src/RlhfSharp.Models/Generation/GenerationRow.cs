using RlhfSharp.Models.Tokenization;

namespace RlhfSharp.Models.Generation;

/// <summary>A sample while it grows.</summary>
internal sealed class GenerationRow(GenerationPrompt prompt, int sampleIndex, int maxNewTokens)
{
    private readonly List<double> _logProbs = [];
    private readonly List<double> _samplingLogProbs = [];
    private FinishReason? _finish;

    public GenerationPrompt Prompt => prompt;

    public int SampleIndex => sampleIndex;

    public int MaxNewTokens => maxNewTokens;

    public List<int> Tokens { get; } = [];

    /// <summary>Gets or sets what the model remembers of it; null while it waits and once it is finished.</summary>
    public CachedRow? Cached { get; set; }

    /// <summary>Gets what tells how much of its text is certain; null where nobody listens.</summary>
    public CertainText? Text { get; init; }

    public bool IsFinished => _finish is not null;

    public int LastToken => Tokens.Count > 0 ? Tokens[^1] : prompt.Tokens[^1];

    /// <summary>Gets the position of the newest token, which is about to be read.</summary>
    public int NextPosition => prompt.Tokens.Count + Tokens.Count - 1;

    public void Append(int token, double logProb, double samplingLogProb)
    {
        Tokens.Add(token);
        _logProbs.Add(logProb);
        _samplingLogProbs.Add(samplingLogProb);
    }

    public void FinishIfDue(StopWatcher watcher) =>
        _finish = watcher.IsStop(Tokens) ? FinishReason.Stop : Tokens.Count == maxNewTokens ? FinishReason.Length : null;

    public GeneratedSample ToSample(Tokenizer? tokenizer, IReadOnlyList<string> stopStrings)
    {
        var text = tokenizer?.DecodeSample(Tokens) ?? string.Empty;
        var stops = stopStrings.Select(stop => text.IndexOf(stop, StringComparison.Ordinal)).Where(index => index >= 0);
        var end = stops.DefaultIfEmpty(text.Length).Min();
        return new(prompt.Index, sampleIndex, Tokens, _logProbs, _samplingLogProbs, _finish ?? FinishReason.Length, text[..end]);
    }
}
