using RlhfSharp.Models.Runtime;

namespace RlhfSharp.Models.Tokenization;

/// <summary>Learns a byte-level byte-pair encoding from texts.</summary>
/// <remarks>Sennrich et al. 2016, https://arxiv.org/abs/1508.07909; bytes and words as in GPT-2. Ids go to the special and the added tokens in their order, the
/// 256 bytes in the order of the characters that stand for them, then the merges. Each merge joins the pair of neighbours that is most frequent
/// inside words; of equally frequent pairs the one with the lower left id, then the lower right id. The same texts in any order give the same
/// tokenizer.</remarks>
public sealed class ByteLevelBpeTrainer
{
    /// <summary>Gets the number of ids to reach.</summary>
    /// <value>At least 256 plus the special tokens. It stays smaller when no pair occurs twice any more.</value>
    public required int VocabularySize { get; init; }

    /// <summary>Gets the text of the token that ends a text.</summary>
    /// <value>Not empty. The default is GPT-2's.</value>
    public string EosToken { get; init; } = "<|endoftext|>";

    /// <summary>Gets the text of the token that begins a text; null for none.</summary>
    public string? BosToken { get; init; }

    /// <summary>Gets the text of the token for padding; null for none.</summary>
    public string? PadToken { get; init; }

    /// <summary>Gets further tokens that are never taken apart.</summary>
    public IReadOnlyList<string> AdditionalSpecialTokens { get; init; } = [];

    /// <summary>Gets texts that become tokens whole, wherever they stand, the longest first; decoding writes them. A blank in front is part of them.</summary>
    /// <value>For names of several words in a small world, say. The default is none.</value>
    public IReadOnlyList<string> AddedTokens { get; init; } = [];

    /// <summary>Learns from texts. Special tokens inside them are passed over.</summary>
    /// <param name="texts">Read once, a few megabytes at most: all different words are kept.</param>
    /// <returns>The tokenizer; saved, Hugging Face's tokenizers library loads it.</returns>
    /// <exception cref="InputException">The vocabulary size is too small or a special token is empty or a single byte.</exception>
    public Tokenizer Train(IEnumerable<string> texts)
    {
        string[] special = [.. new[] { EosToken, BosToken, PadToken }.OfType<string>().Concat(AdditionalSpecialTokens).Distinct()];
        string[] added = [.. special, .. AddedTokens.Except(special)];
        TokenizerFactory.RequireText(added);
        if (VocabularySize < 256 + added.Length)
        {
            throw new InputException(
                $"A vocabulary of {VocabularySize} ids is too small: {added.Length} special and added tokens and 256 bytes need {256 + added.Length}.");
        }
        List<string> vocabulary = [.. added, .. ByteAlphabet.All.Order().Select(character => character.ToString())];
        var ids = vocabulary.Index().Skip(added.Length).ToDictionary(entry => entry.Item, entry => entry.Index, StringComparer.Ordinal);
        var (merges, merged) = (new List<(string, string)>(), new HashSet<(int, int)>());
        var learner = new PairLearner(CountWords(texts, added).Select(word => (ToIds(word.Key), word.Value)));
        while (vocabulary.Count < VocabularySize && learner.TryFindBest(out var pair))
        {
            var (left, right) = (vocabulary[pair.Left], vocabulary[pair.Right]);
            // Two pairs may make one token ('a' + 'bc', 'ab' + 'c'), so that a pair can appear again after it was joined everywhere.
            if (!ids.TryGetValue(left + right, out var id))
            {
                id = ids[left + right] = vocabulary.Count;
                vocabulary.Add(left + right);
            }
            if (merged.Add(pair))
            {
                merges.Add((left, right));
            }
            learner.Merge(pair, id);
        }
        var roles = new Dictionary<string, string?> { ["bos_token"] = BosToken, ["eos_token"] = EosToken, ["pad_token"] = PadToken };
        return TokenizerFactory.Create(vocabulary, merges, special, added[special.Length..], roles, "a trained tokenizer");

        int[] ToIds(string word) => [.. ByteAlphabet.Write(word).Select(character => ids[character.ToString()])];
    }

    private static Dictionary<string, long> CountWords(IEnumerable<string> texts, string[] added)
    {
        var splitter = new AddedTokenSplitter(added.Select((token, id) => new AddedToken(id, token, IsSpecial: true)));
        var words = new WordSplitter(SplitStep.Gpt2);
        var counts = new Dictionary<string, long>(StringComparer.Ordinal);
        foreach (var text in texts)
        {
            foreach (var word in splitter.Split(text).Where(part => part.Token is null).SelectMany(part => words.Split(text[part.Start..part.End])))
            {
                counts[word] = counts.GetValueOrDefault(word) + 1;
            }
        }
        return counts;
    }
}
