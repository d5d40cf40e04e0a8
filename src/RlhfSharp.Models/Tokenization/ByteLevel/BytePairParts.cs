using System.Text;
using RlhfSharp.Models.Runtime;

namespace RlhfSharp.Models.Tokenization;

/// <summary>Reads vocabularies, and the two files in which GPT-2 was published: <c>vocab.json</c> and <c>merges.txt</c>.</summary>
internal static class BytePairParts
{
    // What the slow GPT-2 tokenizer of Hugging Face assumes where no file says otherwise.
    private const string EndOfText = "<|endoftext|>";

    public static BytePairDefinition ReadVocabularyAndMerges(TokenizerFiles files, TokenizerSettings settings)
    {
        var vocabulary = ReadVocabulary(JsonPart.Parse(files.Bytes(TokenizerFiles.Vocabulary), files.PathOf(TokenizerFiles.Vocabulary)));
        return new()
        {
            Source = files.PathOf(TokenizerFiles.Merges),
            Vocabulary = vocabulary,
            Merges = ReadMerges(files.Bytes(TokenizerFiles.Merges), files.PathOf(TokenizerFiles.Merges)),
            AddedTokens = vocabulary.TryGetValue(EndOfText, out var end) ? [new AddedToken(end, EndOfText, IsSpecial: true)] : [],
            Words = new WordSplitter([SplitStep.Gpt2], settings.Flag("add_prefix_space", fallback: false)),
            UnknownToken = settings.TokenOf("unk_token", fallback: null),
        };
    }

    /// <summary>Gets the ids that hold where no settings file names roles.</summary>
    public static SpecialTokenIds DefaultRoles(BytePairDefinition definition) =>
        definition.AddedTokens.FirstOrDefault(token => token.Content == EndOfText) is { Id: var id } ? new(id, id, null) : new(null, null, null);

    public static Dictionary<string, int> ReadVocabulary(JsonPart json)
    {
        var members = json.Members();
        var (ids, tokens) = (new Dictionary<string, int>(members.Count, StringComparer.Ordinal), new Dictionary<int, string>(members.Count));
        foreach (var (token, value) in members)
        {
            var id = value.Id();
            if (!tokens.TryAdd(id, token) || !ids.TryAdd(token, id))
            {
                throw value.Error($"has the id {id}, which '{tokens[id]}' has as well");
            }
        }
        return ids.Count > 0 ? ids : throw json.Error("holds no tokens");
    }

    private static List<(string Left, string Right)> ReadMerges(byte[] bytes, string path)
    {
        var merges = new List<(string, string)>();
        var lines = Encoding.UTF8.GetString(bytes).Split('\n');
        for (var i = 0; i < lines.Length; i++)
        {
            var line = lines[i].TrimEnd('\r');
            if (line.Length == 0 || (i == 0 && line.StartsWith("#version", StringComparison.Ordinal)))
            {
                continue;
            }
            merges.Add(line.Split(' ') is [{ Length: > 0 } left, { Length: > 0 } right] ? (left, right)
                : throw new InputException($"{path}:{i + 1}: '{line}' is no merge. Expected two tokens with one space between them."));
        }
        return merges;
    }
}
