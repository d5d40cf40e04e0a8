using System.Text;
using RlhfSharp.Models.Runtime;

namespace RlhfSharp.Models.Tokenization;

/// <summary>Reads vocabularies, and the two files in which GPT-2 was published: <c>vocab.json</c> and <c>merges.txt</c>.</summary>
internal static class BytePairParts
{
    // What the slow GPT-2 tokenizer of Hugging Face assumes where no file says otherwise.
    private const string EndOfText = "<|endoftext|>";

    public static PipelineDefinition ReadVocabularyAndMerges(TokenizerFiles files, TokenizerSettings settings)
    {
        var vocabulary = ReadVocabulary(JsonPart.Parse(files.Bytes(TokenizerFiles.Vocabulary), files.PathOf(TokenizerFiles.Vocabulary)));
        var definition = new BytePairDefinition
        {
            Source = files.PathOf(TokenizerFiles.Merges),
            Vocabulary = vocabulary,
            Merges = ReadMerges(files.Bytes(TokenizerFiles.Merges), files.PathOf(TokenizerFiles.Merges)),
            AddedTokens = vocabulary.TryGetValue(EndOfText, out var end) ? [new AddedToken(end, EndOfText, IsSpecial: true)] : [],
            UnknownToken = settings.TokenOf("unk_token", fallback: null),
        };
        int? endId = vocabulary.TryGetValue(EndOfText, out var id) ? id : null;
        return definition.ToPipeline(ByteLevelWords([SplitStep.Gpt2], settings.Flag("add_prefix_space", fallback: false))) with
        {
            Roles = new(endId, endId, null),
        };
    }

    /// <summary>Makes what cuts a text into words before they become bytes.</summary>
    /// <param name="steps">How it cuts.</param>
    /// <param name="addsPrefixSpace">Whether a space goes before a text that does not begin with one.</param>
    public static WordSplitter ByteLevelWords(IEnumerable<IWordStep> steps, bool addsPrefixSpace) =>
        new([.. addsPrefixSpace ? [new PrefixStep(new SpacePrefix(" ", PrefixScheme.Always, unlessThere: true))] : (IWordStep[])[], .. steps]);

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
