using RlhfSharp.Models.Checkpoints;

namespace RlhfSharp.Models.Architectures;

/// <summary>What every family of models has in common in its <c>config.json</c>.</summary>
public abstract class ModelConfig
{
    private protected ModelConfig(ConfigFile file)
    {
        File = file;
        VocabularySize = file.PositiveInteger("vocab_size");
        BosTokenId = file.TokenIds("bos_token_id").Select(id => (int?)id).FirstOrDefault();
        EosTokenIds = file.TokenIds("eos_token_id");
        UnsupportedFeatures.Refuse(file);
    }

    /// <summary>Gets the configuration as it was read; saving writes it back.</summary>
    public ConfigFile File { get; }

    /// <summary>Gets the number of token ids the embedding has rows for.</summary>
    public int VocabularySize { get; }

    /// <summary>Gets the width of the hidden states.</summary>
    public abstract int HiddenSize { get; }

    /// <summary>Gets the number of blocks.</summary>
    public abstract int LayerCount { get; }

    /// <summary>Gets the number of heads whose keys and values are cached.</summary>
    public abstract int KeyValueHeadCount { get; }

    /// <summary>Gets the width of one attention head.</summary>
    public abstract int HeadSize { get; }

    /// <summary>Gets the largest number of tokens in a sequence.</summary>
    public abstract int MaxPositions { get; }

    /// <summary>Gets whether the output layer is the input embedding.</summary>
    public abstract bool TieWordEmbeddings { get; }

    /// <summary>Gets the id that starts a text; null when the configuration names none.</summary>
    public int? BosTokenId { get; }

    /// <summary>Gets the ids that end a text; may be empty.</summary>
    public IReadOnlyList<int> EosTokenIds { get; }

    /// <summary>Lists the parameters of the backbone, output layer included unless it is tied, under Hugging Face's names.</summary>
    /// <returns>Specifications, in a fixed order.</returns>
    public abstract IReadOnlyList<ParameterSpec> Parameters();

    /// <summary>Builds the network over its parameters.</summary>
    /// <param name="parameters">Exactly those that <see cref="Parameters"/> lists.</param>
    /// <returns>The network; it does not own the parameters.</returns>
    public abstract Backbone Build(ParameterSet parameters);

    /// <summary>Finds the name in a checkpoint's file for one of our parameters; older files drop a prefix.</summary>
    /// <param name="name">A name from <see cref="Parameters"/>.</param>
    /// <returns>Names to look for, in order.</returns>
    internal virtual IEnumerable<string> StoredNames(string name) => [name];

    /// <summary>Says whether a stored tensor is a constant that the code computes itself, such as a causal mask.</summary>
    /// <param name="storedName">A name from a checkpoint's file.</param>
    /// <returns>Whether to ignore it.</returns>
    internal virtual bool IsBuffer(string storedName) => false;
}
