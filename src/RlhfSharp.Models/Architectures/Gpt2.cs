using RlhfSharp.Models.Adapters;
using RlhfSharp.Models.Checkpoints;
using static TorchSharp.torch;

namespace RlhfSharp.Models.Architectures;

/// <summary>The configuration of GPT-2 (Radford et al. 2019), <c>model_type: gpt2</c>.</summary>
public sealed class Gpt2Config : ModelConfig
{
    /// <inheritdoc/>
    internal override string ClassStem => "GPT2";

    private const string Prefix = "transformer.";

    /// <summary>Reads and checks a configuration.</summary>
    /// <param name="file">The configuration.</param>
    /// <exception cref="Runtime.InputException">A key is missing, wrong or asks for something that is not implemented.</exception>
    public Gpt2Config(ConfigFile file)
        : base(file)
    {
        // Hugging Face reads the other families' names too.
        HiddenSize = Size(file, "hidden_size", "n_embd", 768);
        LayerCount = Size(file, "num_hidden_layers", "n_layer", 12);
        HeadCount = Size(file, "num_attention_heads", "n_head", 12);
        MaxPositions = Size(file, "max_position_embeddings", "n_positions", file.PositiveInteger("n_ctx", 1024)!.Value);
        InnerSize = file.PositiveInteger("n_inner", 4 * HiddenSize)!.Value;
        LayerNormEpsilon = file.Number("layer_norm_epsilon", 1e-5);
        InitializerRange = file.Number("initializer_range", 0.02);
        ScaleAttention = file.Flag("scale_attn_weights", true);
        ScaleAttentionByLayer = file.Flag("scale_attn_by_inverse_layer_idx", false);
        TieWordEmbeddings = file.Flag("tie_word_embeddings", true);
        Activate = Activation.Get(file, "activation_function", "gelu_new");
        if (HiddenSize % HeadCount != 0)
        {
            throw file.Error("n_embd", $"is {HiddenSize}, which {HeadCount} heads (n_head) do not divide");
        }
    }

    /// <inheritdoc/>
    public override int HiddenSize { get; }

    /// <inheritdoc/>
    public override int LayerCount { get; }

    /// <summary>Gets the number of attention heads.</summary>
    public int HeadCount { get; }

    /// <inheritdoc/>
    public override int KeyValueHeadCount => HeadCount;

    /// <inheritdoc/>
    public override int HeadSize => HiddenSize / HeadCount;

    /// <inheritdoc/>
    public override int MaxPositions { get; }

    /// <inheritdoc/>
    public override bool TieWordEmbeddings { get; }

    internal int InnerSize { get; }

    internal double LayerNormEpsilon { get; }

    internal double InitializerRange { get; }

    internal bool ScaleAttention { get; }

    internal bool ScaleAttentionByLayer { get; }

    internal Func<Tensor, Tensor> Activate { get; }

    /// <inheritdoc/>
    public override string? OutputWeightName => TieWordEmbeddings ? $"{Prefix}wte.weight" : "lm_head.weight";

    /// <inheritdoc/>
    public override IReadOnlyList<ParameterSpec> Parameters()
    {
        long hidden = HiddenSize;
        long inner = InnerSize;
        var weight = Initialization.Normal(InitializerRange);
        var projection = Initialization.Normal(InitializerRange / Math.Sqrt(2 * LayerCount));   // GPT-2 scales what enters the residual stream
        List<ParameterSpec> specs =
        [
            new($"{Prefix}wte.weight", [VocabularySize, hidden], weight),
            new($"{Prefix}wpe.weight", [MaxPositions, hidden], weight),
        ];
        for (var layer = 0; layer < LayerCount; layer++)
        {
            Add("ln_1.weight", [hidden], Initialization.Ones);
            Add("ln_1.bias", [hidden], Initialization.Zeros);
            Add("attn.c_attn.weight", [hidden, 3 * hidden], weight);   // stored as [in, out], unlike a Linear
            Add("attn.c_attn.bias", [3 * hidden], Initialization.Zeros);
            Add("attn.c_proj.weight", [hidden, hidden], projection);
            Add("attn.c_proj.bias", [hidden], Initialization.Zeros);
            Add("ln_2.weight", [hidden], Initialization.Ones);
            Add("ln_2.bias", [hidden], Initialization.Zeros);
            Add("mlp.c_fc.weight", [hidden, inner], weight);
            Add("mlp.c_fc.bias", [inner], Initialization.Zeros);
            Add("mlp.c_proj.weight", [inner, hidden], projection);
            Add("mlp.c_proj.bias", [hidden], Initialization.Zeros);

            void Add(string name, long[] shape, Initialization initialization) =>
                specs.Add(new($"{Prefix}h.{layer}.{name}", shape, initialization, layer));
        }
        specs.Add(new($"{Prefix}ln_f.weight", [hidden], Initialization.Ones));
        specs.Add(new($"{Prefix}ln_f.bias", [hidden], Initialization.Zeros));
        if (!TieWordEmbeddings)
        {
            specs.Add(new("lm_head.weight", [VocabularySize, hidden], weight));
        }
        return specs;
    }

    /// <inheritdoc/>
    public override Backbone Build(ParameterSet parameters) => new Gpt2(this, parameters);

    internal override BlockMemory Count(BlockCounter counter, int layer)
    {
        string Name(string name) => $"{Prefix}h.{layer}.{name}";
        counter.Keep(2L * HiddenSize);                                      // what goes into either norm
        counter.Product(HiddenSize, Name("attn.c_attn"));
        counter.Keep(4L * HiddenSize);                                      // queries, keys, values and what attention makes of them
        counter.Product(counter.IsPadded ? HiddenSize : 0, Name("attn.c_proj"));
        counter.Product(HiddenSize, Name("mlp.c_fc"));
        counter.Keep(InnerSize);                                            // what goes into the activation function
        counter.Product(InnerSize, Name("mlp.c_proj"));
        counter.Make((counter.IsPadded ? 14L : 10L) * HiddenSize + 2L * InnerSize);   // norms, queries, keys, values (again where padded), attention, three layers and two sums
        return counter.Done(2L * InnerSize + HiddenSize);
    }

    private static int Size(ConfigFile file, string name, string ownName, int usual)
    {
        var (other, own) = (file.PositiveInteger(name, null), file.PositiveInteger(ownName, null));
        return other is null || own is null || other == own
            ? other ?? own ?? usual
            : throw file.Error(name, $"is {other}, and {ownName} is {own}; keep one of them");
    }

    // The Hub's own file was written without the prefix.
    internal override IEnumerable<string> StoredNames(string name) =>
        name.StartsWith(Prefix, StringComparison.Ordinal) ? [name, name[Prefix.Length..]] : [name];

    internal override bool StoresTransposed(string layer) => true;   // every linear layer is a Conv1D

    internal override bool IsBuffer(string storedName) =>
        storedName.EndsWith(".attn.bias", StringComparison.Ordinal) || storedName.EndsWith(".attn.masked_bias", StringComparison.Ordinal);
}

/// <summary>GPT-2: learned positions, norms before each half of a block, one matrix for queries, keys and values.</summary>
internal sealed class Gpt2 : CausalBackbone
{
    private readonly Gpt2Config _config;
    private readonly Tensor _tokenEmbedding;
    private readonly Tensor _positionEmbedding;
    private readonly Block[] _blocks;
    private readonly LayerNorm _finalNorm;

    public Gpt2(Gpt2Config config, ParameterSet parameters)
        : base(config, parameters)
    {
        _config = config;
        _tokenEmbedding = parameters["transformer.wte.weight"];
        _positionEmbedding = parameters["transformer.wpe.weight"];
        _blocks = [.. Enumerable.Range(0, config.LayerCount).Select(layer => new Block(config, parameters, layer))];
        _finalNorm = new LayerNorm(parameters, "transformer.ln_f", config.LayerNormEpsilon);
    }

    public override Tensor Forward(Tensor tokens, IAttention attention)
    {
        var hidden = Embed(tokens, attention.Positions);   // [tokens, hidden]
        return _finalNorm.Forward(RunBlocks(hidden, (layer, states, _) => _blocks[layer].Forward(states, attention)));
    }

    private Tensor Embed(Tensor tokens, Tensor positions)
    {
        using var scope = NewDisposeScope();
        return (_tokenEmbedding.index_select(0, tokens) + _positionEmbedding.index_select(0, positions)).MoveToOuterDisposeScope();
    }

    private sealed class Block(Gpt2Config config, ParameterSet parameters, int layer)
    {
        private readonly LayerNorm _attentionNorm = new(parameters, Name(layer, "ln_1"), config.LayerNormEpsilon);
        private readonly LayerNorm _mlpNorm = new(parameters, Name(layer, "ln_2"), config.LayerNormEpsilon);
        private readonly Affine _queryKeyValue = new(parameters, Name(layer, "attn.c_attn"));
        private readonly Affine _attentionOutput = new(parameters, Name(layer, "attn.c_proj"));
        private readonly Affine _mlpInput = new(parameters, Name(layer, "mlp.c_fc"));
        private readonly Affine _mlpOutput = new(parameters, Name(layer, "mlp.c_proj"));
        private readonly double? _scale = AttentionScale(config, layer);

        public Tensor Forward(Tensor hidden, IAttention attention)
        {
            hidden = hidden + Attend(_attentionNorm.Forward(hidden), attention);
            return hidden + _mlpOutput.Forward(config.Activate(_mlpInput.Forward(_mlpNorm.Forward(hidden))));
        }

        private Tensor Attend(Tensor hidden, IAttention attention)
        {
            var queryKeyValue = _queryKeyValue.Forward(hidden).view(-1, 3, config.HeadCount, config.HeadSize);
            var mixed = attention.Attend(layer, queryKeyValue.select(1, 0), queryKeyValue.select(1, 1), queryKeyValue.select(1, 2), _scale);
            return _attentionOutput.Forward(mixed);
        }

        private static string Name(int layer, string name) => $"transformer.h.{layer}.{name}";

        // Null is the kernel's own 1/√(head size), which nearly every GPT-2 uses.
        private static double? AttentionScale(Gpt2Config config, int layer)
        {
            var scale = (config.ScaleAttention ? 1 / Math.Sqrt(config.HeadSize) : 1) / (config.ScaleAttentionByLayer ? layer + 1 : 1);
            return config.ScaleAttention && !config.ScaleAttentionByLayer ? null : scale;
        }
    }

    // x·W + b with W as [in, out]: what Hugging Face calls Conv1D.
    private sealed class Affine(ParameterSet parameters, string name)
    {
        private readonly Tensor _weight = parameters[$"{name}.weight"];
        private readonly Tensor _bias = parameters[$"{name}.bias"];
        private readonly LoraPair? _pair = parameters.Adapter?.Find(name);

        public Tensor Forward(Tensor x)
        {
            var output = _bias.addmm(x, _weight);
            return _pair?.Add(output, x) ?? output;
        }
    }
}
