namespace RlhfSharp.Models.Generation;

/// <summary>Decides which samples grow: in their order, as many at a time as there are rows and cached tokens to spare.</summary>
/// <remarks>A sample counts with all tokens it may come to have, and each prompt once, from its first sample to its last: whoever was let in
/// never has to leave. A sample that is larger than the whole budget grows alone.</remarks>
/// <param name="rows">All samples, those of a prompt side by side.</param>
/// <param name="options">The largest numbers.</param>
internal sealed class AdmissionQueue(IEnumerable<GenerationRow> rows, GenerationOptions options)
{
    // Reading a prompt takes memory beyond its keys and values: so many tokens at a time, or one prompt.
    private const int PromptTokensPerPass = 8192;

    private readonly Queue<GenerationRow> _waiting = new(rows);
    private readonly HashSet<GenerationPrompt> _prompts = [];   // that are read, or about to be
    private int _growing;
    private long _tokens;

    /// <summary>Takes the samples that begin with the next forward pass.</summary>
    public IReadOnlyList<GenerationRow> Admit()
    {
        var entering = new List<GenerationRow>();
        var promptTokens = 0;
        while (_waiting.TryPeek(out var row) && _growing < options.BatchSize)
        {
            var newPrompt = _prompts.Contains(row.Prompt) ? 0 : row.Prompt.Tokens.Count;
            var isTooMuch = _tokens + newPrompt + row.MaxNewTokens > options.TokenBudget;
            if ((isTooMuch && _growing > 0) || (promptTokens > 0 && promptTokens + newPrompt > PromptTokensPerPass))
            {
                break;
            }
            _prompts.Add(row.Prompt);
            _tokens += newPrompt + row.MaxNewTokens;
            promptTokens += newPrompt;
            _growing++;
            entering.Add(_waiting.Dequeue());
        }
        return entering;
    }

    /// <summary>Gives back the room of a finished sample, and of its prompt if that was the last one.</summary>
    /// <returns>Whether it was.</returns>
    public bool Release(GenerationRow row)
    {
        _growing--;
        _tokens -= row.MaxNewTokens;
        var isLast = --row.Prompt.Unfinished == 0;
        if (isLast)
        {
            _prompts.Remove(row.Prompt);
            _tokens -= row.Prompt.Tokens.Count;
        }
        return isLast;
    }
}
