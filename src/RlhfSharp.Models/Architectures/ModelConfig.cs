using System.Text.Json.Nodes;
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
        Task = ModelClass.Task(file);
        LabelCount = ReadLabelCount(file);
        UnsupportedFeatures.Refuse(file);
    }

    /// <summary>Gets the configuration as it was read; saving writes it back.</summary>
    public ConfigFile File { get; }

    /// <summary>Gets what the model is for.</summary>
    public ModelTask Task { get; }

    /// <summary>Gets whether every token sees the whole sequence, so that there is no next token to ask for.</summary>
    public bool IsEncoder => OutputWeightName is null;

    /// <summary>Gets whether the class is UltraRM's own, which reads dialogues in a form of its own.</summary>
    public bool IsUltraRm => ModelClass.Of(File) == ModelClass.UltraRm;

    /// <summary>Gets whether the model scores sequences: its class says so, or the family is one of encoders.</summary>
    public bool IsClassifier => Task == ModelTask.SequenceClassification || IsEncoder;

    /// <summary>Gets the number of scores a classifier gives.</summary>
    /// <value>What <c>id2label</c> lists; without it <c>num_labels</c>, and without that Hugging Face's 2. UltraRM always has 1.</value>
    public int LabelCount { get; }

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

    /// <summary>Gets whether a token's hidden state depends on how long its text is, not only on what came before it.</summary>
    /// <value>True for encoders, and where the speed of rotary positions depends on the length (rope scaling <c>dynamic</c>).</value>
    public virtual bool IsLengthAware => IsEncoder;

    /// <summary>Gets the id that starts a text; null when the configuration names none.</summary>
    public int? BosTokenId { get; }

    /// <summary>Gets the ids that end a text; may be empty.</summary>
    public IReadOnlyList<int> EosTokenIds { get; }

    /// <summary>Gets which parameter is the output layer's weight, <c>[vocabulary, hidden]</c>: the input embedding where the two are tied; null for an
    /// encoder, which says nothing about a next token.</summary>
    public abstract string? OutputWeightName { get; }

    /// <summary>Gets the output layer's name, the one of its weight without the ending; null for an encoder.</summary>
    public string? OutputLayerName => OutputWeightName?[..OutputWeightName.LastIndexOf('.')];

    /// <summary>Lists the parameters of the backbone, output layer included unless it is tied, under Hugging Face's names.</summary>
    /// <returns>Specifications, in a fixed order.</returns>
    public abstract IReadOnlyList<ParameterSpec> Parameters();

    /// <summary>Lists the parameters of the backbone and a classifier instead of an output layer, under Hugging Face's names.</summary>
    /// <returns>Specifications, in a fixed order.</returns>
    public IReadOnlyList<ParameterSpec> ClassifierParameters() =>
        [.. Parameters().Where(spec => TieWordEmbeddings || spec.Name != OutputWeightName), .. ScoreLayer.Specs(HiddenSize, LabelCount)];

    /// <summary>Makes the configuration of a classifier with this backbone.</summary>
    /// <param name="labelCount">The number of scores, from 1 up.</param>
    /// <returns>The configuration: this one's <c>config.json</c> with another class and as many labels.</returns>
    public ModelConfig AsClassifier(int labelCount)
    {
        var json = (JsonObject)File.Json.DeepClone();
        ModelClass.MakeClassifier(json, labelCount);
        return ArchitectureRegistry.Read(File.With(json));
    }

    /// <summary>Builds the network over its parameters.</summary>
    /// <param name="parameters">Those that <see cref="Parameters"/> lists; the output layer's may be missing.</param>
    /// <returns>The network; it does not own the parameters.</returns>
    public abstract Backbone Build(ParameterSet parameters);

    /// <summary>Counts what a block of a training step takes.</summary>
    /// <param name="counter">Knows the batch and what trains.</param>
    /// <param name="layer">The block, from 0.</param>
    internal abstract BlockMemory Count(BlockCounter counter, int layer);

    /// <summary>Gets how the names of the family's classes begin in Hugging Face's code.</summary>
    internal abstract string ClassStem { get; }

    /// <summary>Gets what turns hidden states into a classifier's scores.</summary>
    internal virtual ScoreLayer ScoreLayer => new LastTokenScore("score");

    /// <summary>Finds the name in a checkpoint's file for one of our parameters; older files drop a prefix.</summary>
    /// <param name="name">A name from <see cref="Parameters"/>.</param>
    /// <returns>Names to look for, in order.</returns>
    internal virtual IEnumerable<string> StoredNames(string name) => [name];

    /// <summary>Says whether a linear layer's weight is stored as <c>[in, out]</c>.</summary>
    /// <param name="layer">The layer's name.</param>
    internal virtual bool StoresTransposed(string layer) => false;

    /// <summary>Says whether a stored tensor is a constant that the code computes itself, such as a causal mask.</summary>
    /// <param name="storedName">A name from a checkpoint's file.</param>
    /// <returns>Whether to ignore it.</returns>
    internal virtual bool IsBuffer(string storedName) => false;

    private static int ReadLabelCount(ConfigFile file)
    {
        if (ModelClass.Of(file) == ModelClass.UltraRm)
        {
            return 1;   // its code reads neither key
        }
        return file.Json["id2label"] is JsonObject { Count: > 0 } labels ? labels.Count : file.PositiveInteger("num_labels", 2)!.Value;
    }
}
