using RlhfSharp.Models.Tokenization;

namespace RlhfSharp.Models.Generation;

/// <summary>A sample while it grows.</summary>
internal sealed class GenerationRow(int promptIndex, int sampleIndex, IReadOnlyList<int> prompt, int maxNewTokens)
{
    private readonly List<double> _logProbs = [];
    private readonly List<double> _samplingLogProbs = [];
    private FinishReason? _finish;

    public int PromptIndex => promptIndex;

    public int SampleIndex => sampleIndex;

    public IReadOnlyList<int> Prompt => prompt;

    public int MaxNewTokens => maxNewTokens;

    public List<int> Tokens { get; } = [];

    public bool IsFinished => _finish is not null;

    public int LastToken => Tokens.Count > 0 ? Tokens[^1] : prompt[^1];

    /// <summary>Gets the position of the newest token, which is about to be read.</summary>
    public int NextPosition => prompt.Count + Tokens.Count - 1;

    // A finished row may still be in the batch; what is chosen for it is dropped.
    public void Append(int token, double logProb, double samplingLogProb)
    {
        if (IsFinished)
        {
            return;
        }
        Tokens.Add(token);
        _logProbs.Add(logProb);
        _samplingLogProbs.Add(samplingLogProb);
    }

    public void FinishIfDue(StopWatcher watcher)
    {
        if (!IsFinished)
        {
            _finish = watcher.IsStop(Tokens) ? FinishReason.Stop : Tokens.Count == maxNewTokens ? FinishReason.Length : null;
        }
    }

    public GeneratedSample ToSample(Tokenizer? tokenizer, IReadOnlyList<string> stopStrings)
    {
        var text = tokenizer?.DecodeSample(Tokens) ?? string.Empty;
        var stops = stopStrings.Select(stop => text.IndexOf(stop, StringComparison.Ordinal)).Where(index => index >= 0);
        var end = stops.DefaultIfEmpty(text.Length).Min();
        return new(promptIndex, sampleIndex, Tokens, _logProbs, _samplingLogProbs, _finish ?? FinishReason.Length, text[..end]);
    }
}
