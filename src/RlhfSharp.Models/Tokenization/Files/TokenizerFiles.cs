using RlhfSharp.Models.Runtime;

namespace RlhfSharp.Models.Tokenization;

/// <summary>The files of a tokenizer, held in memory: saving gives back what was loaded, byte for byte.</summary>
internal sealed class TokenizerFiles
{
    public const string Json = "tokenizer.json";
    public const string SentencePiece = "tokenizer.model";
    public const string Template = "chat_template.jinja";
    public const string DebertaSentencePiece = "spm.model";
    public const string Vocabulary = "vocab.json";
    public const string Merges = "merges.txt";
    public const string Config = "tokenizer_config.json";
    public const string SpecialTokens = "special_tokens_map.json";
    public const string AddedTokens = "added_tokens.json";

    private static readonly string[] Saved =
        [Json, SentencePiece, Vocabulary, Merges, Config, SpecialTokens, AddedTokens, Template];

    // Parts of a checkpoint that a tokenizer only looks at.
    private static readonly string[] LookedAt = ["generation_config.json", "config.json"];

    private readonly Dictionary<string, (string Path, byte[] Bytes)> _files = [];

    public TokenizerFiles(string location) => Location = location;

    /// <summary>Gets the folder or file, for error messages.</summary>
    public string Location { get; }

    public static TokenizerFiles ReadFolder(string directory)
    {
        if (!Directory.Exists(directory))
        {
            throw new InputException($"The tokenizer folder '{directory}' does not exist.");
        }
        var files = new TokenizerFiles(directory);
        foreach (var name in Saved.Concat(LookedAt))
        {
            files.ReadIfThere(name, Path.Combine(directory, name));
        }
        // The name under which DeBERTa's is published.
        if (!files.Has(SentencePiece))
        {
            files.ReadIfThere(SentencePiece, Path.Combine(directory, DebertaSentencePiece));
        }
        // The names under which OpenAI published GPT-2.
        if (!files.Has(Vocabulary) && !files.Has(Merges))
        {
            files.ReadIfThere(Vocabulary, Path.Combine(directory, "encoder.json"));
            files.ReadIfThere(Merges, Path.Combine(directory, "vocab.bpe"));
        }
        return files;
    }

    /// <summary>Reads one file, whatever it is called, in the role of another.</summary>
    public static TokenizerFiles ReadSingle(string path, string name)
    {
        var files = new TokenizerFiles(path);
        files._files[name] = (path, ReadBytes(path));
        return files;
    }

    public bool Has(string name) => _files.ContainsKey(name);

    public string PathOf(string name) => _files[name].Path;

    public byte[] Bytes(string name) => _files[name].Bytes;

    public JsonPart? FindJson(string name) => Has(name) ? JsonPart.Parse(Bytes(name), PathOf(name)) : null;

    /// <summary>Gets the template of dialogues: the file of its own, or what the settings say.</summary>
    public string? ChatTemplate() => Has(Template) ? System.Text.Encoding.UTF8.GetString(Bytes(Template)) : new TokenizerSettings(this).ChatTemplate;

    public void Add(string name, byte[] bytes) => _files[name] = (Path.Combine(Location, name), bytes);

    public void Save(string directory)
    {
        foreach (var name in Saved.Where(Has))
        {
            AtomicFile.Write(Path.Combine(directory, SavedAs(name)), stream => stream.Write(Bytes(name)));
        }
    }

    // Hugging Face's DeBERTa looks for its own name; a renamed file would be lost to it.
    private string SavedAs(string name) => name == SentencePiece && Path.GetFileName(PathOf(name)) == DebertaSentencePiece ? DebertaSentencePiece : name;

    private void ReadIfThere(string name, string path)
    {
        if (File.Exists(path))
        {
            _files[name] = (path, ReadBytes(path));
        }
    }

    private static byte[] ReadBytes(string path)
    {
        try
        {
            return File.ReadAllBytes(path);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new InputException($"'{path}' could not be read: {exception.Message}", exception);
        }
    }
}
