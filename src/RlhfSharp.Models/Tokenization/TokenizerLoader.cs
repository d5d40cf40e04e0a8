using RlhfSharp.Models.Runtime;

namespace RlhfSharp.Models.Tokenization;

/// <summary>Loads tokenizers from the files of Hugging Face and OpenAI.</summary>
/// <remarks>Implemented are byte-pair encoding over bytes (<c>tokenizer.json</c>, or <c>vocab.json</c> with <c>merges.txt</c>, also under the names
/// <c>encoder.json</c> and <c>vocab.bpe</c>) and over characters, and Unigram (<c>tokenizer.json</c>, or SentencePiece's <c>tokenizer.model</c> and
/// <c>spm.model</c>). What a file asks for beyond that is an error.</remarks>
public static class TokenizerLoader
{
    /// <summary>Loads the tokenizer in a folder. Of several kinds of files, <c>tokenizer.model</c> goes before <c>tokenizer.json</c>, and that before
    /// <c>vocab.json</c>. The tokens of a text's beginning, end and padding come from <c>tokenizer_config.json</c>,
    /// <c>special_tokens_map.json</c>, the vocabulary's own file, <c>generation_config.json</c> and <c>config.json</c>: the first that says something
    /// decides.</summary>
    /// <param name="directory">The folder, usually a checkpoint.</param>
    /// <returns>The tokenizer.</returns>
    /// <exception cref="InputException">The folder or a file is missing or damaged, or a feature is not implemented.</exception>
    public static Tokenizer Load(string directory) => TryLoad(directory) ?? throw new InputException(
        $"'{directory}' has no tokenizer. Expected {TokenizerFiles.Json}, {TokenizerFiles.SentencePiece}, "
        + $"or {TokenizerFiles.Vocabulary} with {TokenizerFiles.Merges}.");

    /// <summary>Loads the tokenizer in a folder if it has one, see <see cref="Load"/>.</summary>
    /// <param name="directory">The folder.</param>
    /// <returns>The tokenizer; null when the folder has no file of one.</returns>
    /// <exception cref="InputException">The folder is missing, a file is damaged, or a feature is not implemented.</exception>
    public static Tokenizer? TryLoad(string directory)
    {
        var files = TokenizerFiles.ReadFolder(directory);
        string[] kinds = [TokenizerFiles.SentencePiece, TokenizerFiles.Json, TokenizerFiles.Vocabulary, TokenizerFiles.Merges];
        return kinds.Any(files.Has) ? Create(files) : null;
    }

    /// <summary>Loads a single file of the kind <c>tokenizer.model</c>, whatever it is called.</summary>
    /// <param name="path">The SentencePiece model.</param>
    /// <returns>The tokenizer; saved, it is a <c>LlamaTokenizer</c>.</returns>
    /// <exception cref="InputException">The file is missing or damaged, or a feature is not implemented.</exception>
    public static Tokenizer LoadSentencePiece(string path)
    {
        var files = TokenizerFiles.ReadSingle(path, TokenizerFiles.SentencePiece);
        files.Add(TokenizerFiles.Config, """{"tokenizer_class": "LlamaTokenizer", "legacy": true}"""u8.ToArray());
        return Create(files);
    }

    /// <summary>Loads a single file of the kind <c>tokenizer.json</c>, whatever it is called.</summary>
    /// <param name="path">The file.</param>
    /// <returns>The tokenizer. Its beginning and end are those that the file puts around a text; it has no padding.</returns>
    /// <exception cref="InputException">The file is missing or damaged, or a feature is not implemented.</exception>
    public static Tokenizer LoadJson(string path) => Create(TokenizerFiles.ReadSingle(path, TokenizerFiles.Json));

    /// <summary>Makes the tokenizer that files in memory describe.</summary>
    internal static PipelineTokenizer Create(TokenizerFiles files)
    {
        var settings = new TokenizerSettings(files);
        return new PipelineTokenizer(Define(files, settings), settings, files);
    }

    private static PipelineDefinition Define(TokenizerFiles files, TokenizerSettings settings)
    {
        if (files.Has(TokenizerFiles.SentencePiece))
        {
            var path = files.PathOf(TokenizerFiles.SentencePiece);
            return SentencePieceDefinition.Create(SentencePieceModel.Read(files.Bytes(TokenizerFiles.SentencePiece), path), settings, path);
        }
        if (files.Has(TokenizerFiles.Json))
        {
            return new TokenizerJsonReader(files.Bytes(TokenizerFiles.Json), files.PathOf(TokenizerFiles.Json)).Read();
        }
        if (!files.Has(TokenizerFiles.Vocabulary) || !files.Has(TokenizerFiles.Merges))
        {
            var missing = files.Has(TokenizerFiles.Merges) ? TokenizerFiles.Vocabulary : TokenizerFiles.Merges;
            throw new InputException($"'{files.Location}' has half a tokenizer: {missing} is missing.");
        }
        return BytePairParts.ReadVocabularyAndMerges(files, settings);
    }
}
