using RlhfSharp.Models.Tokenization;

namespace RlhfSharp.Models.Generation;

/// <summary>Tells whether the newest token ends a sample.</summary>
internal sealed class StopWatcher(Tokenizer? tokenizer, IReadOnlyList<string> stopStrings, IReadOnlyCollection<int> endTokens)
{
    // A stop string spans at most as many tokens as it has bytes; a few more cover characters cut in half at the window's start.
    private readonly int _window = stopStrings.Select(stop => System.Text.Encoding.UTF8.GetByteCount(stop) + 4).DefaultIfEmpty(0).Max();

    public bool IsStop(List<int> tokens)
    {
        if (endTokens.Contains(tokens[^1]))
        {
            return true;
        }
        if (stopStrings.Count == 0)
        {
            return false;
        }
        var tail = tokenizer!.DecodeSample(tokens.TakeLast(_window));
        return stopStrings.Any(stop => tail.Contains(stop, StringComparison.Ordinal));
    }
}
