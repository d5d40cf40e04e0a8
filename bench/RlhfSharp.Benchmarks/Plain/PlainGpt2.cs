using RlhfSharp.Models;
using RlhfSharp.Models.Architectures;
using static TorchSharp.torch;

namespace RlhfSharp.Benchmarks.Plain;

/// <summary>GPT-2 as one would write it in TorchSharp at first: rows padded to one length, and a cache that grows by concatenation.</summary>
/// <remarks>Works on the weights of one of our models, with the same kernels for products, norms and attention. Padding is on the right: a real
/// token never looks at what follows it, so causal attention needs no mask.</remarks>
internal sealed class PlainGpt2
{
    private readonly Gpt2Config _config;
    private readonly ParameterSet _parameters;
    private readonly double _normEpsilon;

    public PlainGpt2(TransformerModel model)
    {
        (_config, _parameters) = ((Gpt2Config)model.Config, model.Parameters);
        _normEpsilon = _config.File.Number("layer_norm_epsilon", 1e-5);
    }

    /// <summary>Computes the hidden states after the final norm.</summary>
    /// <param name="tokens">Token ids, <c>[rows, columns]</c>.</param>
    /// <param name="cache">Keys and values so far, extended by this call; null when there is nothing to remember.</param>
    /// <returns><c>[rows, columns, hidden]</c>.</returns>
    public Tensor Forward(Tensor tokens, PlainCache? cache = null)
    {
        var past = cache?.Length ?? 0;
        var positions = arange(past, past + tokens.size(1), dtype: ScalarType.Int64);
        var embedded = _parameters["transformer.wte.weight"].index_select(0, tokens.flatten()).view(tokens.size(0), tokens.size(1), -1);
        var hidden = embedded + _parameters["transformer.wpe.weight"].index_select(0, positions);
        for (var layer = 0; layer < _config.LayerCount; layer++)
        {
            hidden = hidden + Attend(Norm(hidden, $"h.{layer}.ln_1"), layer, cache, isCausal: past == 0);
            var inner = Affine(Norm(hidden, $"h.{layer}.ln_2"), $"h.{layer}.mlp.c_fc");
            hidden = hidden + Affine(nn.functional.gelu(inner, TorchSharp.Modules.GELU.Approximate.tanh), $"h.{layer}.mlp.c_proj");
        }
        return Norm(hidden, "ln_f");
    }

    /// <summary>Computes the scores of every token at every position.</summary>
    /// <param name="hidden"><c>[rows, columns, hidden]</c>.</param>
    /// <returns><c>[rows, columns, vocabulary]</c>.</returns>
    public Tensor Logits(Tensor hidden) => nn.functional.linear(hidden, _parameters["transformer.wte.weight"]);

    private Tensor Attend(Tensor hidden, int layer, PlainCache? cache, bool isCausal)
    {
        var (rows, columns) = (hidden.size(0), hidden.size(1));
        var parts = Affine(hidden, $"h.{layer}.attn.c_attn").chunk(3, dim: -1);
        var query = Heads(parts[0]);
        var (key, value) = cache is null ? (Heads(parts[1]), Heads(parts[2])) : cache.Extend(layer, Heads(parts[1]), Heads(parts[2]));
        var mixed = nn.functional.scaled_dot_product_attention(query, key, value, is_casual: isCausal);
        return Affine(mixed.transpose(1, 2).reshape(rows, columns, _config.HiddenSize), $"h.{layer}.attn.c_proj");

        Tensor Heads(Tensor part) => part.view(rows, columns, _config.HeadCount, _config.HeadSize).transpose(1, 2);   // [rows, heads, columns, size]
    }

    private Tensor Norm(Tensor x, string name) => nn.functional.layer_norm(
        x, [_config.HiddenSize], _parameters[$"transformer.{name}.weight"], _parameters[$"transformer.{name}.bias"], _normEpsilon);

    // The stored weight is [in, out]: one product over all rows and columns.
    private Tensor Affine(Tensor x, string name)
    {
        var weight = _parameters[$"transformer.{name}.weight"];
        return _parameters[$"transformer.{name}.bias"].addmm(x.reshape(-1, x.size(2)), weight).view(x.size(0), x.size(1), weight.size(1));
    }
}
