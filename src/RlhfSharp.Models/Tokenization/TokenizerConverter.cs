using RlhfSharp.Models.Runtime;

namespace RlhfSharp.Models.Tokenization;

/// <summary>Converts tokenizers of SentencePiece's file into Hugging Face's <c>tokenizer.json</c>.</summary>
public static class TokenizerConverter
{
    private static readonly string[] Roles = ["bos_token", "eos_token", "unk_token", "sep_token", "pad_token", "cls_token"];

    // What is said by the tokenizer.json itself, and what the class that reads it is called.
    private static readonly string[] Replaced =
    [
        .. Roles, "tokenizer_class", "legacy", "add_prefix_space", "add_bos_token", "add_eos_token", "auto_map", "sp_model_kwargs", "vocab_type",
    ];

    /// <summary>Converts the tokenizer of a folder or a file.</summary>
    /// <param name="path">A folder with a <c>tokenizer.model</c> or <c>spm.model</c>, or such a file, whatever it is called.</param>
    /// <returns>The tokenizer; saved, it is a <c>tokenizer.json</c> and a <c>tokenizer_config.json</c> that names the roles.</returns>
    /// <remarks>Ids are the same, with three exceptions that every such file has. Pieces that the model calls user-defined become added tokens, behind which a
    /// text begins anew. With <c>legacy</c> false no second space goes before a text that begins with one. In Unigram, text that only normalisation makes look like a
    /// special token, <c>［CLS］</c> in wide letters for instance, is that token: such a file does not say which pieces are no text.</remarks>
    /// <exception cref="InputException">There is no such file, or it is damaged.</exception>
    public static Tokenizer Convert(string path) =>
        Convert(Directory.Exists(path) ? TokenizerFiles.ReadFolder(path) : TokenizerFiles.ReadSingle(path, TokenizerFiles.SentencePiece));

    internal static PipelineTokenizer Convert(TokenizerFiles files)
    {
        if (!files.Has(TokenizerFiles.SentencePiece))
        {
            throw new InputException($"'{files.Location}' has no SentencePiece model to convert. "
                + $"Expected {TokenizerFiles.SentencePiece} or {TokenizerFiles.DebertaSentencePiece}.");
        }
        var settings = new TokenizerSettings(files);
        var tokenizer = TokenizerLoader.Create(files);
        var path = files.PathOf(TokenizerFiles.SentencePiece);
        var model = SentencePieceModel.Read(files.Bytes(TokenizerFiles.SentencePiece), path);
        var converted = new TokenizerFiles(files.Location);
        converted.Add(TokenizerFiles.Json, SentencePieceJsonWriter.Write(model, settings, tokenizer));
        converted.Add(TokenizerFiles.Config, WriteConfig(files.FindJson(TokenizerFiles.Config), tokenizer, model));
        if (files.Has(TokenizerFiles.Template))
        {
            converted.Add(TokenizerFiles.Template, files.Bytes(TokenizerFiles.Template));
        }
        return TokenizerLoader.Create(converted);
    }

    private static byte[] WriteConfig(JsonPart? old, PipelineTokenizer tokenizer, SentencePieceModel model) => TokenizerJsonWriter.Write(json =>
    {
        json.WriteString("tokenizer_class", "PreTrainedTokenizerFast");
        var contents = tokenizer.AddedTokens.ToDictionary(token => token.Id, token => token.Content);
        int?[] ids = [tokenizer.BosId, tokenizer.EosId, model.UnknownId, tokenizer.SepId, tokenizer.PadId, tokenizer.ClsId];
        foreach (var (role, id) in Roles.Zip(ids))
        {
            json.WriteString(role, id is { } value ? contents.GetValueOrDefault(value) : null);
        }
        foreach (var (name, value) in old?.Members() ?? [])
        {
            if (!Replaced.Contains(name))
            {
                json.WritePropertyName(name);
                value.Element.WriteTo(json);
            }
        }
    });
}
