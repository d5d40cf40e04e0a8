using System.Text.Json.Nodes;
using RlhfSharp.Models.Checkpoints;
using static TorchSharp.torch;

namespace RlhfSharp.Models.Architectures;

/// <summary>The configuration of DeBERTa v2 and v3 (He et al. 2021, https://arxiv.org/abs/2111.09543), <c>model_type: deberta-v2</c>.</summary>
public sealed class DebertaV2Config : ModelConfig
{
    /// <inheritdoc/>
    internal override string ClassStem => "DebertaV2";

    private const string ContentToPosition = "c2p";
    private const string PositionToContent = "p2c";

    /// <summary>Reads and checks a configuration.</summary>
    /// <param name="file">The configuration.</param>
    /// <exception cref="Runtime.InputException">A key is missing, wrong or asks for something that is not implemented.</exception>
    public DebertaV2Config(ConfigFile file)
        : base(file)
    {
        HiddenSize = file.PositiveInteger("hidden_size");
        EmbeddingSize = file.PositiveInteger("embedding_size", HiddenSize)!.Value;
        InnerSize = file.PositiveInteger("intermediate_size");
        LayerCount = file.PositiveInteger("num_hidden_layers");
        KeyValueHeadCount = file.PositiveInteger("num_attention_heads");
        if (file.Json["attention_head_size"] is null && HiddenSize % KeyValueHeadCount != 0)
        {
            throw file.Error("hidden_size", $"is {HiddenSize}, which {KeyValueHeadCount} heads (num_attention_heads) do not divide");
        }
        HeadSize = file.PositiveInteger("attention_head_size", HiddenSize / KeyValueHeadCount)!.Value;
        MaxPositions = file.PositiveInteger("max_position_embeddings", 512)!.Value;
        NormEpsilon = file.Number("layer_norm_eps", 1e-7);
        InitializerRange = file.Number("initializer_range", 0.02);
        TypeCount = file.WholeNumber("type_vocab_size", 0);
        HasPositionEmbedding = file.Flag("position_biased_input", true);
        Activate = Activation.Get(file, "hidden_act", "gelu");
        PoolerActivate = Activation.Get(file, "pooler_hidden_act", "gelu");
        if (file.PositiveInteger("pooler_hidden_size", HiddenSize)!.Value != HiddenSize)
        {
            throw file.Unsupported("pooler_hidden_size", $"is not hidden_size ({HiddenSize}); only that is implemented");
        }
        if (file.WholeNumber("conv_kernel_size", 0) > 0)
        {
            throw file.Unsupported("conv_kernel_size", "asks for a convolution beside the first block, which is not implemented; only 0 is");
        }
        HasRelativePositions = file.Flag("relative_attention", false);
        var kinds = PositionKinds(file);
        AddsContentToPosition = kinds.Contains(ContentToPosition);
        AddsPositionToContent = kinds.Contains(PositionToContent);
        SharesProjections = file.Flag("share_att_key", false);
        NormalizesRelativePositions = file.Text("norm_rel_ebd", "none").ToLowerInvariant().Split('|').Select(name => name.Trim()).Contains("layer_norm");
        BucketCount = file.WholeNumber("position_buckets", -1);
        LargestDistance = file.WholeNumber("max_relative_positions", -1) is >= 1 and var distance ? distance : MaxPositions;
        if (BucketCount == 1)
        {
            throw file.Error("position_buckets", "is 1; it must be at least 2, or up to 0 for none");
        }
    }

    /// <inheritdoc/>
    public override int HiddenSize { get; }

    /// <inheritdoc/>
    public override int LayerCount { get; }

    /// <inheritdoc/>
    public override int KeyValueHeadCount { get; }

    /// <inheritdoc/>
    public override int HeadSize { get; }

    /// <inheritdoc/>
    public override int MaxPositions { get; }

    /// <inheritdoc/>
    public override bool TieWordEmbeddings => false;

    /// <inheritdoc/>
    public override string? OutputWeightName => null;

    internal int EmbeddingSize { get; }

    internal int InnerSize { get; }

    internal double NormEpsilon { get; }

    internal double InitializerRange { get; }

    internal int TypeCount { get; }

    internal bool HasPositionEmbedding { get; }

    internal Func<Tensor, Tensor> Activate { get; }

    internal Func<Tensor, Tensor> PoolerActivate { get; }

    internal bool HasRelativePositions { get; }

    /// <summary>Gets whether a query is compared with where a key stands.</summary>
    internal bool AddsContentToPosition { get; }

    /// <summary>Gets whether where a query stands is compared with a key.</summary>
    internal bool AddsPositionToContent { get; }

    /// <summary>Gets whether positions are projected by the matrices of the tokens.</summary>
    internal bool SharesProjections { get; }

    internal bool NormalizesRelativePositions { get; }

    /// <summary>Gets the number of buckets of distances on either side; up to 0 means that each distance has its own.</summary>
    internal int BucketCount { get; }

    internal int LargestDistance { get; }

    /// <summary>Gets how many relative positions there are on either side.</summary>
    internal int Span => BucketCount > 0 ? BucketCount : LargestDistance;

    internal override ScoreLayer ScoreLayer => new ContextPooler(PoolerActivate, InitializerRange);

    /// <inheritdoc/>
    public override IReadOnlyList<ParameterSpec> Parameters()
    {
        long hidden = HiddenSize;
        long heads = (long)KeyValueHeadCount * HeadSize;
        var weight = Initialization.Normal(InitializerRange);
        var specs = new List<ParameterSpec>();
        Add("embeddings.word_embeddings.weight", [VocabularySize, EmbeddingSize], weight, null);
        if (HasPositionEmbedding)
        {
            Add("embeddings.position_embeddings.weight", [MaxPositions, EmbeddingSize], weight, null);
        }
        if (TypeCount > 0)
        {
            Add("embeddings.token_type_embeddings.weight", [TypeCount, EmbeddingSize], weight, null);
        }
        if (EmbeddingSize != HiddenSize)
        {
            Add("embeddings.embed_proj.weight", [hidden, EmbeddingSize], weight, null);
        }
        AddNorm("embeddings.LayerNorm", null);
        for (var layer = 0; layer < LayerCount; layer++)
        {
            var block = $"encoder.layer.{layer}";
            AddLinear($"{block}.attention.self.query_proj", hidden, heads, layer);
            AddLinear($"{block}.attention.self.key_proj", hidden, heads, layer);
            AddLinear($"{block}.attention.self.value_proj", hidden, heads, layer);
            if (HasRelativePositions && !SharesProjections && AddsContentToPosition)
            {
                AddLinear($"{block}.attention.self.pos_key_proj", hidden, heads, layer);
            }
            if (HasRelativePositions && !SharesProjections && AddsPositionToContent)
            {
                AddLinear($"{block}.attention.self.pos_query_proj", hidden, heads, layer);
            }
            AddLinear($"{block}.attention.output.dense", heads, hidden, layer);
            AddNorm($"{block}.attention.output.LayerNorm", layer);
            AddLinear($"{block}.intermediate.dense", hidden, InnerSize, layer);
            AddLinear($"{block}.output.dense", InnerSize, hidden, layer);
            AddNorm($"{block}.output.LayerNorm", layer);
        }
        if (HasRelativePositions)
        {
            Add("encoder.rel_embeddings.weight", [2L * Span, hidden], weight, null);
            if (NormalizesRelativePositions)
            {
                AddNorm("encoder.LayerNorm", null);
            }
        }
        return specs;

        void Add(string name, long[] shape, Initialization initialization, int? layer) => specs.Add(new($"deberta.{name}", shape, initialization, layer));

        void AddNorm(string name, int? layer)
        {
            Add($"{name}.weight", [hidden], Initialization.Ones, layer);
            Add($"{name}.bias", [hidden], Initialization.Zeros, layer);
        }

        void AddLinear(string name, long inputs, long outputs, int layer)
        {
            Add($"{name}.weight", [outputs, inputs], weight, layer);
            Add($"{name}.bias", [outputs], Initialization.Zeros, layer);
        }
    }

    /// <inheritdoc/>
    public override Backbone Build(ParameterSet parameters) => new DebertaV2(this, parameters);

    internal override BlockMemory Count(BlockCounter counter, int layer)
    {
        string Name(string name) => $"deberta.encoder.layer.{layer}.{name}";
        var heads = (long)KeyValueHeadCount * HeadSize;
        var terms = HasRelativePositions ? (AddsContentToPosition ? 1 : 0) + (AddsPositionToContent ? 1 : 0) : 0;
        var pairs = counter.Rows * KeyValueHeadCount * counter.Longest * counter.Longest;
        var padded = counter.Rows * counter.Longest;
        counter.Keep(2L * HiddenSize);                                      // what goes into either norm
        counter.Product(HiddenSize, Name("attention.self.query_proj"), Name("attention.self.key_proj"), Name("attention.self.value_proj"));
        counter.KeepWhole(padded * heads * (3 + terms));                    // each product of matrices copies its operands into one piece
        counter.KeepWhole(terms * counter.Rows * heads * 2 * Span);         // the distances' side of it, once for every row
        counter.KeepWhole(pairs);                                           // the softmax
        counter.KeepWhole(terms * padded * KeyValueHeadCount * 2 * Span);   // the products with the distances, out of which those of the pairs are picked
        counter.Product(heads, Name("attention.output.dense"));
        counter.Product(HiddenSize, Name("intermediate.dense"));
        counter.Keep(InnerSize);
        counter.Product(InnerSize, Name("output.dense"));
        counter.Make(5 * heads + 6L * HiddenSize + 2L * InnerSize);         // queries, keys, values, attention twice; layers, sums and norms
        counter.MakeWhole(pairs);                                           // the scores before the softmax
        var passing = counter.Done(2L * InnerSize + HiddenSize);
        return passing with { Passing = Math.Max(passing.Passing, 3 * pairs + terms * padded * KeyValueHeadCount * 2 * Span) };
    }

    internal override bool IsBuffer(string storedName) => storedName.EndsWith("position_ids", StringComparison.Ordinal);

    // A list, or names with bars between them.
    private static string[] PositionKinds(ConfigFile file)
    {
        var names = file.Json["pos_att_type"] is JsonArray list
            ? [.. list.Select(name => name?.ToString() ?? string.Empty)]
            : file.Text("pos_att_type", string.Empty).ToLowerInvariant().Split('|', StringSplitOptions.RemoveEmptyEntries).Select(name => name.Trim()).ToArray();
        return names.FirstOrDefault(name => name is not (ContentToPosition or PositionToContent)) is { } unknown
            ? throw file.Unsupported("pos_att_type", $"holds '{unknown}', which is not implemented; only {ContentToPosition} and {PositionToContent} are")
            : names;
    }
}

/// <summary>DeBERTa: an encoder whose attention compares tokens with tokens, tokens with distances and distances with tokens; norms after each half of a
/// block.</summary>
internal sealed class DebertaV2 : Backbone
{
    private readonly DebertaV2Config _config;
    private readonly ParameterSet _parameters;
    private readonly Tensor _wordEmbedding;
    private readonly LayerNorm _embeddingNorm;
    private readonly LayerNorm? _distanceNorm;
    private readonly Block[] _blocks;

    public DebertaV2(DebertaV2Config config, ParameterSet parameters)
        : base(config, parameters)
    {
        (_config, _parameters) = (config, parameters);
        _wordEmbedding = parameters["deberta.embeddings.word_embeddings.weight"];
        _embeddingNorm = new LayerNorm(parameters, "deberta.embeddings.LayerNorm", config.NormEpsilon);
        _distanceNorm = config is { HasRelativePositions: true, NormalizesRelativePositions: true }
            ? new LayerNorm(parameters, "deberta.encoder.LayerNorm", config.NormEpsilon) : null;
        _blocks = [.. Enumerable.Range(0, config.LayerCount).Select(layer => new Block(config, parameters, layer))];
    }

    public override Tensor Forward(Tensor tokens, IReadOnlyList<int> lengths)
    {
        var padding = new SequencePadding(lengths, tokens.device);
        var distances = RelativeDistances.Of(_config, lengths.Max(), tokens.device);
        var hidden = Embed(tokens, lengths);   // [tokens, hidden]
        return RunBlocks(hidden, (layer, states, distanceEmbedding) => _blocks[layer].Forward(states, distanceEmbedding, distances, padding), DistanceEmbedding());
    }

    private Tensor Embed(Tensor tokens, IReadOnlyList<int> lengths)
    {
        var embedded = _wordEmbedding.index_select(0, tokens);
        if (_parameters.TryGet("deberta.embeddings.position_embeddings.weight", out var positions))
        {
            embedded = embedded + positions.index_select(0, SequencePositions.Of(lengths, tokens.device));
        }
        if (_parameters.TryGet("deberta.embeddings.token_type_embeddings.weight", out var types))
        {
            embedded = embedded + types[0];   // Hugging Face's default: all tokens are of the first segment
        }
        if (_parameters.TryGet("deberta.embeddings.embed_proj.weight", out var projection))
        {
            embedded = nn.functional.linear(embedded, projection);
        }
        return _embeddingNorm.Forward(embedded);
    }

    private Tensor? DistanceEmbedding()
    {
        if (!_config.HasRelativePositions)
        {
            return null;
        }
        var embedding = _parameters["deberta.encoder.rel_embeddings.weight"];
        return _distanceNorm?.Forward(embedding) ?? embedding;
    }

    private sealed class Block(DebertaV2Config config, ParameterSet parameters, int layer)
    {
        private readonly Linear _query = new(parameters, Name(layer, "attention.self.query_proj"));
        private readonly Linear _key = new(parameters, Name(layer, "attention.self.key_proj"));
        private readonly Linear _value = new(parameters, Name(layer, "attention.self.value_proj"));
        private readonly Linear _attentionOutput = new(parameters, Name(layer, "attention.output.dense"));
        private readonly LayerNorm _attentionNorm = new(parameters, Name(layer, "attention.output.LayerNorm"), config.NormEpsilon);
        private readonly Linear _mlpInput = new(parameters, Name(layer, "intermediate.dense"));
        private readonly Linear _mlpOutput = new(parameters, Name(layer, "output.dense"));
        private readonly LayerNorm _mlpNorm = new(parameters, Name(layer, "output.LayerNorm"), config.NormEpsilon);
        private readonly string _distanceKeyName = Name(layer, config.SharesProjections ? "attention.self.key_proj" : "attention.self.pos_key_proj");
        private readonly string _distanceQueryName = Name(layer, config.SharesProjections ? "attention.self.query_proj" : "attention.self.pos_query_proj");

        public Tensor Forward(Tensor hidden, Tensor? distanceEmbedding, RelativeDistances? distances, SequencePadding padding)
        {
            var attended = _attentionNorm.Forward(hidden + _attentionOutput.Forward(Attend(hidden, distanceEmbedding, distances, padding)));
            return _mlpNorm.Forward(attended + _mlpOutput.Forward(config.Activate(_mlpInput.Forward(attended))));
        }

        private Tensor Attend(Tensor hidden, Tensor? distanceEmbedding, RelativeDistances? distances, SequencePadding padding)
        {
            // Each comparison that is added makes the sum larger; the peer counts those that are configured, whether or not there are distances.
            var terms = 1 + (config.AddsContentToPosition ? 1 : 0) + (config.AddsPositionToContent ? 1 : 0);
            var scale = 1 / Math.Sqrt((double)config.HeadSize * terms);
            var distanceKey = distanceEmbedding is not null && config.AddsContentToPosition ? Project(distanceEmbedding, _distanceKeyName) : null;
            var distanceQuery = distanceEmbedding is not null && config.AddsPositionToContent ? Project(distanceEmbedding, _distanceQueryName) : null;
            return padding.Attend(Heads(_query.Forward(hidden)), Heads(_key.Forward(hidden)), Heads(_value.Forward(hidden)), (group, query, key, value) =>
            {
                var scores = query.matmul(key.transpose(2, 3));   // [rows, heads, longest, longest]
                // In place: no operation's gradient needs the scores before they are all added up.
                if (distanceKey is not null)
                {
                    using var term = NewDisposeScope();
                    scores.add_(distances!.AlongKeys(query.matmul(distanceKey.transpose(1, 2)), group.Longest));
                }
                if (distanceQuery is not null)
                {
                    using var term = NewDisposeScope();
                    scores.add_(distances!.AlongQueries(key.matmul(distanceQuery.transpose(1, 2)), group.Longest));
                }
                scores.mul_(scale);
                if (group.PaddingMask(scores.dtype) is { } mask)
                {
                    scores.add_(mask);
                }
                return nn.functional.softmax(scores, dim: 3).matmul(value);
            });
        }

        // [2 · span, hidden] → [heads, 2 · span, head size]
        private Tensor Project(Tensor distanceEmbedding, string name) => Heads(new Linear(parameters, name).Forward(distanceEmbedding)).transpose(0, 1);

        private Tensor Heads(Tensor flat) => flat.view(-1, config.KeyValueHeadCount, config.HeadSize);

        private static string Name(int layer, string name) => $"deberta.encoder.layer.{layer}.{name}";
    }
}
