using RlhfSharp.Models.Checkpoints;
using static TorchSharp.torch;

namespace RlhfSharp.Models.Architectures;

/// <summary>The configuration of GPT-NeoX (Black et al. 2022) and Pythia, <c>model_type: gpt_neox</c>.</summary>
public sealed class GptNeoXConfig : ModelConfig
{
    /// <inheritdoc/>
    internal override string ClassStem => "GPTNeoX";

    private static readonly string[] Buffers = [".attention.bias", ".attention.masked_bias", "rotary_emb.inv_freq"];

    /// <summary>Reads and checks a configuration.</summary>
    /// <param name="file">The configuration.</param>
    /// <exception cref="Runtime.InputException">A key is missing, wrong or asks for something that is not implemented.</exception>
    public GptNeoXConfig(ConfigFile file)
        : base(file)
    {
        HiddenSize = file.PositiveInteger("hidden_size");
        InnerSize = file.PositiveInteger("intermediate_size");
        LayerCount = file.PositiveInteger("num_hidden_layers");
        KeyValueHeadCount = file.PositiveInteger("num_attention_heads");
        LayerNormEpsilon = file.Number("layer_norm_eps", 1e-5);
        InitializerRange = file.Number("initializer_range", 0.02);
        IsParallel = file.Flag("use_parallel_residual", true);
        AttentionBias = file.Flag("attention_bias", true);
        TieWordEmbeddings = file.Flag("tie_word_embeddings", false);
        Activate = Activation.Get(file, "hidden_act", "gelu");
        if (HiddenSize % KeyValueHeadCount != 0)
        {
            throw file.Error("hidden_size", $"is {HiddenSize}, which {KeyValueHeadCount} heads (num_attention_heads) do not divide");
        }
        // The key's name has changed; so has that of the base.
        var (shareKey, baseKey) = (OldOrNew(file, "rotary_pct", "partial_rotary_factor"), OldOrNew(file, "rotary_emb_base", "rope_theta"));
        var share = RotarySection.Share(file, shareKey, 0.25);
        var turning = (int)(HeadSize * share);
        if (turning < 2 || turning > HeadSize)
        {
            throw file.Error(shareKey, $"is {share}: of a head's {HeadSize} dimensions {turning} would turn; it must be 2 to all");
        }
        (Frequencies, MaxPositions) = RotaryFrequencies.Read(file, turning, baseKey, file.PositiveInteger("max_position_embeddings", 2048)!.Value);
    }

    /// <inheritdoc/>
    public override int HiddenSize { get; }

    /// <inheritdoc/>
    public override int LayerCount { get; }

    /// <inheritdoc/>
    public override int KeyValueHeadCount { get; }

    /// <inheritdoc/>
    public override int HeadSize => HiddenSize / KeyValueHeadCount;

    /// <inheritdoc/>
    public override int MaxPositions { get; }

    /// <inheritdoc/>
    public override bool TieWordEmbeddings { get; }

    internal int InnerSize { get; }

    internal double LayerNormEpsilon { get; }

    internal double InitializerRange { get; }

    /// <summary>Gets whether both halves of a block read what comes in, instead of the second reading the first.</summary>
    internal bool IsParallel { get; }

    internal bool AttentionBias { get; }

    internal Func<Tensor, Tensor> Activate { get; }

    internal RotaryFrequencies Frequencies { get; }

    /// <inheritdoc/>
    public override bool IsLengthAware => Frequencies.DependOnLength;

    /// <inheritdoc/>
    public override string? OutputWeightName => TieWordEmbeddings ? "gpt_neox.embed_in.weight" : "embed_out.weight";

    /// <inheritdoc/>
    public override IReadOnlyList<ParameterSpec> Parameters()
    {
        long hidden = HiddenSize;
        long inner = InnerSize;
        var weight = Initialization.Normal(InitializerRange);
        List<ParameterSpec> specs = [new("gpt_neox.embed_in.weight", [VocabularySize, hidden], weight)];
        for (var layer = 0; layer < LayerCount; layer++)
        {
            AddNorm("input_layernorm");
            AddNorm("post_attention_layernorm");
            AddLinear("attention.query_key_value", hidden, 3 * hidden, AttentionBias);
            AddLinear("attention.dense", hidden, hidden, AttentionBias);
            AddLinear("mlp.dense_h_to_4h", hidden, inner, hasBias: true);
            AddLinear("mlp.dense_4h_to_h", inner, hidden, hasBias: true);

            void Add(string name, long[] shape, Initialization initialization) => specs.Add(new($"gpt_neox.layers.{layer}.{name}", shape, initialization, layer));

            void AddNorm(string name)
            {
                Add($"{name}.weight", [hidden], Initialization.Ones);
                Add($"{name}.bias", [hidden], Initialization.Zeros);
            }

            void AddLinear(string name, long inputs, long outputs, bool hasBias)
            {
                Add($"{name}.weight", [outputs, inputs], weight);
                if (hasBias)
                {
                    Add($"{name}.bias", [outputs], Initialization.Zeros);
                }
            }
        }
        specs.Add(new("gpt_neox.final_layer_norm.weight", [hidden], Initialization.Ones));
        specs.Add(new("gpt_neox.final_layer_norm.bias", [hidden], Initialization.Zeros));
        if (!TieWordEmbeddings)
        {
            specs.Add(new("embed_out.weight", [VocabularySize, hidden], weight));
        }
        return specs;
    }

    /// <inheritdoc/>
    public override Backbone Build(ParameterSet parameters) => new GptNeoX(this, parameters);

    internal override BlockMemory Count(BlockCounter counter, int layer)
    {
        string Name(string name) => $"gpt_neox.layers.{layer}.{name}";
        counter.Keep(HiddenSize + (IsParallel ? 0 : HiddenSize));           // what goes into the norms
        counter.Product(HiddenSize, Name("attention.query_key_value"));
        counter.Keep((counter.IsPadded ? 3L : 5L) * HiddenSize);            // turned queries and keys; values, which lie in one piece with what was turned unless they are padded
        counter.Keep(HiddenSize);                                           // what attention makes of them
        counter.Product(counter.IsPadded ? HiddenSize : 0, Name("attention.dense"));
        counter.Product(HiddenSize, Name("mlp.dense_h_to_4h"));
        counter.Keep(InnerSize);
        counter.Product(InnerSize, Name("mlp.dense_4h_to_h"));
        counter.Make((counter.IsPadded ? 16L : 12L) * HiddenSize + 2L * InnerSize);   // as GPT-2, and queries and keys once more, turned
        return counter.Done(2L * InnerSize + HiddenSize);
    }

    internal override bool IsBuffer(string storedName) => Buffers.Any(buffer => storedName.EndsWith(buffer, StringComparison.Ordinal));

    private static string OldOrNew(ConfigFile file, string old, string @new) => file.Json[old] is null ? @new : old;
}

/// <summary>GPT-NeoX: rotary positions on a part of each head, one matrix for queries, keys and values, both halves of a block side by side.</summary>
internal sealed class GptNeoX : CausalBackbone
{
    private readonly GptNeoXConfig _config;
    private readonly Tensor _embedding;
    private readonly Block[] _blocks;
    private readonly LayerNorm _finalNorm;

    public GptNeoX(GptNeoXConfig config, ParameterSet parameters)
        : base(config, parameters)
    {
        _config = config;
        _embedding = parameters["gpt_neox.embed_in.weight"];
        _blocks = [.. Enumerable.Range(0, config.LayerCount).Select(layer => new Block(config, parameters, layer))];
        _finalNorm = new LayerNorm(parameters, "gpt_neox.final_layer_norm", config.LayerNormEpsilon);
    }

    public override Tensor Forward(Tensor tokens, IAttention attention)
    {
        var rotation = RotaryPositions.At(attention, _config.Frequencies, _embedding.dtype);
        var hidden = _embedding.index_select(0, tokens);   // [tokens, hidden]
        return _finalNorm.Forward(RunBlocks(hidden, (layer, states, _) => _blocks[layer].Forward(states, rotation, attention)));
    }

    private sealed class Block(GptNeoXConfig config, ParameterSet parameters, int layer)
    {
        private readonly LayerNorm _attentionNorm = new(parameters, Name(layer, "input_layernorm"), config.LayerNormEpsilon);
        private readonly LayerNorm _mlpNorm = new(parameters, Name(layer, "post_attention_layernorm"), config.LayerNormEpsilon);
        private readonly Linear _queryKeyValue = new(parameters, Name(layer, "attention.query_key_value"));
        private readonly Linear _attentionOutput = new(parameters, Name(layer, "attention.dense"));
        private readonly Linear _mlpInput = new(parameters, Name(layer, "mlp.dense_h_to_4h"));
        private readonly Linear _mlpOutput = new(parameters, Name(layer, "mlp.dense_4h_to_h"));

        public Tensor Forward(Tensor hidden, RotaryPositions rotation, IAttention attention)
        {
            var attended = hidden + Attend(_attentionNorm.Forward(hidden), rotation, attention);
            var input = _mlpNorm.Forward(config.IsParallel ? hidden : attended);
            return attended + _mlpOutput.Forward(config.Activate(_mlpInput.Forward(input)));
        }

        private Tensor Attend(Tensor hidden, RotaryPositions rotation, IAttention attention)
        {
            // Head after head: its queries, its keys, its values.
            var queryKeyValue = _queryKeyValue.Forward(hidden).view(-1, config.KeyValueHeadCount, 3, config.HeadSize);
            var query = rotation.Rotate(queryKeyValue.select(2, 0));
            var key = rotation.Rotate(queryKeyValue.select(2, 1));
            return _attentionOutput.Forward(attention.Attend(layer, query, key, queryKeyValue.select(2, 2)));
        }

        private static string Name(int layer, string name) => $"gpt_neox.layers.{layer}.{name}";
    }
}
