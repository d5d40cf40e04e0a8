using RlhfSharp.Models.Checkpoints;
using static TorchSharp.torch;

namespace RlhfSharp.Models.Architectures;

/// <summary>The configuration of Llama (Touvron et al. 2023), <c>model_type: llama</c>, and what the families that grew out of it have in common.</summary>
public class LlamaConfig : ModelConfig
{
    /// <inheritdoc/>
    internal override string ClassStem => "Llama";

    /// <summary>Reads and checks a configuration.</summary>
    /// <param name="file">The configuration.</param>
    /// <exception cref="Runtime.InputException">A key is missing, wrong or asks for something that is not implemented.</exception>
    public LlamaConfig(ConfigFile file)
        : this(file, usualPositions: 2048, usualKeyValueHeads: null, usualHeadSize: null)
    {
    }

    /// <summary>Reads and checks a configuration of a relative.</summary>
    /// <param name="file">The configuration.</param>
    /// <param name="usualPositions">What holds where <c>max_position_embeddings</c> is missing.</param>
    /// <param name="usualKeyValueHeads">What holds where <c>num_key_value_heads</c> is missing; null means as many as heads, as does a null in the file.</param>
    /// <param name="usualHeadSize">What holds where <c>head_dim</c> is missing; null means width by heads, as does a null in the file.</param>
    private protected LlamaConfig(ConfigFile file, int usualPositions, int? usualKeyValueHeads, int? usualHeadSize)
        : base(file)
    {
        HiddenSize = file.PositiveInteger("hidden_size");
        InnerSize = file.PositiveInteger("intermediate_size");
        LayerCount = file.PositiveInteger("num_hidden_layers");
        HeadCount = file.PositiveInteger("num_attention_heads");
        KeyValueHeadCount = file.PositiveInteger("num_key_value_heads", Missing("num_key_value_heads", usualKeyValueHeads) ?? HeadCount)!.Value;
        var headSize = file.PositiveInteger("head_dim", Missing("head_dim", usualHeadSize));
        if (headSize is null && HiddenSize % HeadCount != 0)
        {
            throw file.Error("hidden_size", $"is {HiddenSize}, which {HeadCount} heads (num_attention_heads) do not divide; give head_dim");
        }
        HeadSize = headSize ?? HiddenSize / HeadCount;
        NormEpsilon = file.Number("rms_norm_eps", 1e-6);
        InitializerRange = file.Number("initializer_range", 0.02);
        QueryKeyValueBias = AttentionOutputBias = file.Flag("attention_bias", false);
        MlpBias = file.Flag("mlp_bias", false);
        TieWordEmbeddings = file.Flag("tie_word_embeddings", false);
        Activate = Activation.Get(file, "hidden_act", "silu");
        if (HeadCount % KeyValueHeadCount != 0)
        {
            throw file.Error("num_key_value_heads", $"is {KeyValueHeadCount}, which does not divide the {HeadCount} heads (num_attention_heads)");
        }
        if (RotarySection.Share(file, "partial_rotary_factor", 1) is not 1 and var share)
        {
            throw file.Unsupported("partial_rotary_factor", FormattableString.Invariant($"is {share}, which is not implemented for this family; only 1 is"));
        }
        (Frequencies, MaxPositions) = RotaryFrequencies.Read(file, HeadSize, "rope_theta", file.PositiveInteger("max_position_embeddings", usualPositions)!.Value);

        int? Missing(string key, int? usual) => file.Json.ContainsKey(key) ? null : usual;
    }

    /// <inheritdoc/>
    public override int HiddenSize { get; }

    /// <inheritdoc/>
    public override int LayerCount { get; }

    /// <summary>Gets the number of attention heads.</summary>
    public int HeadCount { get; }

    /// <inheritdoc/>
    public override int KeyValueHeadCount { get; }

    /// <inheritdoc/>
    public override int HeadSize { get; }

    /// <inheritdoc/>
    public override int MaxPositions { get; }

    /// <inheritdoc/>
    public override bool TieWordEmbeddings { get; }

    internal int InnerSize { get; }

    internal double NormEpsilon { get; }

    internal double InitializerRange { get; }

    internal RotaryFrequencies Frequencies { get; }

    /// <inheritdoc/>
    public override bool IsLengthAware => Frequencies.DependOnLength;

    internal bool QueryKeyValueBias { get; private protected init; }

    internal bool AttentionOutputBias { get; private protected init; }

    /// <summary>Gets whether queries and keys are normalized per head before they are turned.</summary>
    internal bool QueryKeyNorm { get; private protected init; }

    internal bool MlpBias { get; private protected init; }

    internal Func<Tensor, Tensor> Activate { get; }

    /// <inheritdoc/>
    public override string? OutputWeightName => TieWordEmbeddings ? "model.embed_tokens.weight" : "lm_head.weight";

    /// <inheritdoc/>
    public override IReadOnlyList<ParameterSpec> Parameters()
    {
        long hidden = HiddenSize;
        long inner = InnerSize;
        long queries = (long)HeadCount * HeadSize;
        long keys = (long)KeyValueHeadCount * HeadSize;
        var weight = Initialization.Normal(InitializerRange);
        List<ParameterSpec> specs = [new("model.embed_tokens.weight", [VocabularySize, hidden], weight)];
        for (var layer = 0; layer < LayerCount; layer++)
        {
            AddLinear("self_attn.q_proj", hidden, queries, QueryKeyValueBias);
            AddLinear("self_attn.k_proj", hidden, keys, QueryKeyValueBias);
            AddLinear("self_attn.v_proj", hidden, keys, QueryKeyValueBias);
            AddLinear("self_attn.o_proj", queries, hidden, AttentionOutputBias);
            if (QueryKeyNorm)
            {
                Add("self_attn.q_norm.weight", [HeadSize], Initialization.Ones);
                Add("self_attn.k_norm.weight", [HeadSize], Initialization.Ones);
            }
            AddLinear("mlp.gate_proj", hidden, inner, MlpBias);
            AddLinear("mlp.up_proj", hidden, inner, MlpBias);
            AddLinear("mlp.down_proj", inner, hidden, MlpBias);
            Add("input_layernorm.weight", [hidden], Initialization.Ones);
            Add("post_attention_layernorm.weight", [hidden], Initialization.Ones);

            void Add(string name, long[] shape, Initialization initialization) =>
                specs.Add(new($"model.layers.{layer}.{name}", shape, initialization, layer));

            void AddLinear(string name, long inputs, long outputs, bool hasBias)
            {
                Add($"{name}.weight", [outputs, inputs], weight);
                if (hasBias)
                {
                    Add($"{name}.bias", [outputs], Initialization.Zeros);
                }
            }
        }
        specs.Add(new("model.norm.weight", [hidden], Initialization.Ones));
        if (!TieWordEmbeddings)
        {
            specs.Add(new("lm_head.weight", [VocabularySize, hidden], weight));
        }
        return specs;
    }

    /// <inheritdoc/>
    public override Backbone Build(ParameterSet parameters) => new Llama(this, parameters);

    internal override ScoreLayer ScoreLayer => IsUltraRm ? new LastTokenScore("regression_head") : base.ScoreLayer;

    internal override bool IsBuffer(string storedName) => storedName.EndsWith("rotary_emb.inv_freq", StringComparison.Ordinal);

    internal override BlockMemory Count(BlockCounter counter, int layer)
    {
        string Name(string name) => $"model.layers.{layer}.{name}";
        var (queries, keys) = ((long)HeadCount * HeadSize, (long)KeyValueHeadCount * HeadSize);
        counter.Keep(2L * HiddenSize);                                      // what goes into either norm
        counter.ComposedNorm(HiddenSize, Name("input_layernorm.weight"));
        counter.Product(HiddenSize, Name("self_attn.q_proj"), Name("self_attn.k_proj"), Name("self_attn.v_proj"));
        if (QueryKeyNorm)
        {
            counter.Keep(queries + keys);
            counter.ComposedNorm(queries, Name("self_attn.q_norm.weight"));
            counter.ComposedNorm(keys, Name("self_attn.k_norm.weight"));
        }
        counter.Keep(queries + 2 * queries);                                // queries; keys and values, repeated for each of their queries
        counter.Keep(queries);                                              // what attention makes of them
        counter.Product(counter.IsPadded ? queries : 0, Name("self_attn.o_proj"));
        counter.ComposedNorm(HiddenSize, Name("post_attention_layernorm.weight"));
        counter.Product(HiddenSize, Name("mlp.gate_proj"), Name("mlp.up_proj"));
        counter.Keep(3L * InnerSize);                                       // into the activation function, out of it, and what it is multiplied by
        counter.Product(InnerSize, Name("mlp.down_proj"));
        var repeated = keys < queries ? 2 * queries : 0;
        counter.Make(2 * (queries + keys) + keys + repeated + (counter.IsPadded ? 4 : 0) * queries);   // queries and keys twice: as they were and turned
        counter.Make(queries + 4L * HiddenSize + 4L * InnerSize);           // attention, two layers, two sums; gate, its activation, the other side, their product
        return counter.Done(3L * InnerSize + HiddenSize);
    }

    /// <summary>Says how many tokens a layer's attention looks back, the token itself included; null means all.</summary>
    internal virtual int? Window(int layer) => null;
}

/// <summary>Llama and its relatives: rotary positions, RMS norms, gated MLP, fewer key-value heads than query heads; a window and norms of queries and
/// keys where the configuration says so.</summary>
internal sealed class Llama : CausalBackbone
{
    private readonly Tensor _embedding;
    private readonly LlamaConfig _config;
    private readonly Block[] _blocks;
    private readonly RmsNorm _finalNorm;

    public Llama(LlamaConfig config, ParameterSet parameters)
        : base(config, parameters)
    {
        _config = config;
        _embedding = parameters["model.embed_tokens.weight"];
        _blocks = [.. Enumerable.Range(0, config.LayerCount).Select(layer => new Block(config, parameters, layer))];
        _finalNorm = new RmsNorm(parameters["model.norm.weight"], config.NormEpsilon);
    }

    public override Tensor Forward(Tensor tokens, IAttention attention)
    {
        var rotation = RotaryPositions.At(attention, _config.Frequencies, _embedding.dtype);
        var hidden = _embedding.index_select(0, tokens);   // [tokens, hidden]
        return _finalNorm.Forward(RunBlocks(hidden, (layer, states, _) => _blocks[layer].Forward(states, rotation, attention)));
    }

    private sealed class Block(LlamaConfig config, ParameterSet parameters, int layer)
    {
        private readonly RmsNorm _attentionNorm = new(parameters[Name(layer, "input_layernorm.weight")], config.NormEpsilon);
        private readonly RmsNorm _mlpNorm = new(parameters[Name(layer, "post_attention_layernorm.weight")], config.NormEpsilon);
        private readonly Linear _query = new(parameters, Name(layer, "self_attn.q_proj"));
        private readonly Linear _key = new(parameters, Name(layer, "self_attn.k_proj"));
        private readonly RmsNorm? _queryNorm = Norm(config, parameters, Name(layer, "self_attn.q_norm.weight"));
        private readonly RmsNorm? _keyNorm = Norm(config, parameters, Name(layer, "self_attn.k_norm.weight"));
        private readonly Linear _value = new(parameters, Name(layer, "self_attn.v_proj"));
        private readonly Linear _attentionOutput = new(parameters, Name(layer, "self_attn.o_proj"));
        private readonly Linear _gate = new(parameters, Name(layer, "mlp.gate_proj"));
        private readonly Linear _up = new(parameters, Name(layer, "mlp.up_proj"));
        private readonly Linear _down = new(parameters, Name(layer, "mlp.down_proj"));

        public Tensor Forward(Tensor hidden, RotaryPositions rotation, IAttention attention)
        {
            hidden = hidden + Attend(_attentionNorm.Forward(hidden), rotation, attention);
            var input = _mlpNorm.Forward(hidden);
            return hidden + _down.Forward(config.Activate(_gate.Forward(input)) * _up.Forward(input));
        }

        private Tensor Attend(Tensor hidden, RotaryPositions rotation, IAttention attention)
        {
            var query = _query.Forward(hidden).view(-1, config.HeadCount, config.HeadSize);
            var key = _key.Forward(hidden).view(-1, config.KeyValueHeadCount, config.HeadSize);
            query = rotation.Rotate(_queryNorm?.Forward(query) ?? query);
            key = rotation.Rotate(_keyNorm?.Forward(key) ?? key);
            var value = _value.Forward(hidden).view(-1, config.KeyValueHeadCount, config.HeadSize);
            return _attentionOutput.Forward(attention.Attend(layer, query, key, value, window: config.Window(layer)));
        }

        private static RmsNorm? Norm(LlamaConfig config, ParameterSet parameters, string name) =>
            parameters.TryGet(name, out var weight) ? new RmsNorm(weight, config.NormEpsilon) : null;

        private static string Name(int layer, string name) => $"model.layers.{layer}.{name}";
    }
}
