using System.Text.Json.Nodes;
using RlhfSharp.Models.Architectures;
using static TorchSharp.torch;

namespace RlhfSharp.Models.Tests.Architectures;

/// <summary>The Llama family once more, number by number in F64, one text at a time: slow, and nothing to hide an error in.</summary>
internal sealed class ScalarLlama(JsonObject config, ParameterSet parameters)
{
    private readonly int _hidden = (int)config["hidden_size"]!;
    private readonly int _heads = (int)config["num_attention_heads"]!;
    private readonly int _keyValueHeads = (int)config["num_key_value_heads"]!;
    private readonly int _size = (int)config["head_dim"]!;
    private readonly double _epsilon = (double)config["rms_norm_eps"]!;
    private readonly JsonObject? _scaling = config["rope_scaling"] as JsonObject;

    /// <summary>Computes the scores of every token as the next one, at each position.</summary>
    public double[][] Logits(int[] tokens)
    {
        var hidden = tokens.Select(token => Row("model.embed_tokens.weight", token)).ToArray();
        for (var layer = 0; layer < (int)config["num_hidden_layers"]!; layer++)
        {
            var name = $"model.layers.{layer}.";
            var normed = hidden.Select(x => Norm(x, name + "input_layernorm.weight")).ToArray();
            var attended = Attend(normed, name + "self_attn.", Window(layer));
            for (var t = 0; t < tokens.Length; t++)
            {
                hidden[t] = Sum(hidden[t], attended[t]);
                var input = Norm(hidden[t], name + "post_attention_layernorm.weight");
                var gate = Linear(input, name + "mlp.gate_proj").Select(x => x / (1 + Math.Exp(-x)));
                hidden[t] = Sum(hidden[t], Linear([.. gate.Zip(Linear(input, name + "mlp.up_proj"), (a, b) => a * b)], name + "mlp.down_proj"));
            }
        }
        return [.. hidden.Select(x => Linear(Norm(x, "model.norm.weight"), parameters.TryGet("lm_head.weight", out _) ? "lm_head" : "model.embed_tokens"))];
    }

    private double[][] Attend(double[][] inputs, string name, int window)
    {
        var queries = inputs.Select((x, t) => Heads(Linear(x, name + "q_proj"), name + "q_norm.weight", t, inputs.Length)).ToArray();
        var keys = inputs.Select((x, t) => Heads(Linear(x, name + "k_proj"), name + "k_norm.weight", t, inputs.Length)).ToArray();
        var values = inputs.Select(x => Linear(x, name + "v_proj").Chunk(_size).ToArray()).ToArray();
        var results = new double[inputs.Length][];
        for (var t = 0; t < inputs.Length; t++)
        {
            var mixed = new List<double>();
            for (var head = 0; head < _heads; head++)
            {
                var shared = head / (_heads / _keyValueHeads);
                var seen = Enumerable.Range(0, t + 1).Where(s => t - s < window).ToArray();
                var weights = seen.Select(s => Math.Exp(Dot(queries[t][head], keys[s][shared]) / Math.Sqrt(_size))).ToArray();
                mixed.AddRange(Enumerable.Range(0, _size).Select(i => seen.Select((s, k) => weights[k] * values[s][shared][i]).Sum() / weights.Sum()));
            }
            results[t] = Linear([.. mixed], name + "o_proj");
        }
        return results;
    }

    private double[][] Heads(double[] all, string norm, int position, int length) =>
        [.. all.Chunk(_size).Select(head => Rotate(parameters.TryGet(norm, out _) ? Norm(head, norm) : head, position, length))];

    private double[] Rotate(double[] head, int position, int length)
    {
        var result = new double[_size];
        for (var i = 0; i < _size / 2; i++)
        {
            var angle = position * Frequency(i, length);
            var (cosine, sine) = (Math.Cos(angle) * Gain, Math.Sin(angle) * Gain);
            result[i] = head[i] * cosine - head[i + _size / 2] * sine;
            result[i + _size / 2] = head[i + _size / 2] * cosine + head[i] * sine;
        }
        return result;
    }

    private double Gain => (string?)_scaling?["rope_type"] == "yarn" ? (double?)_scaling["attention_factor"] ?? 0.1 * Math.Log((double)_scaling["factor"]!) + 1 : 1;

    private double Frequency(int pair, int length)
    {
        var theta = (double)config["rope_theta"]!;
        var plain = 1 / Math.Pow(theta, 2.0 * pair / _size);
        var factor = (double?)_scaling?["factor"] ?? 1;
        var limit = (double)config["max_position_embeddings"]!;
        var trained = (double?)_scaling?["original_max_position_embeddings"] ?? limit;
        switch ((string?)_scaling?["rope_type"])
        {
            case "linear":
                return plain / factor;
            case "dynamic":
                var seen = Math.Max(length, limit);
                return 1 / Math.Pow(theta * Math.Pow(factor * seen / limit - (factor - 1), _size / (_size - 2.0)), 2.0 * pair / _size);
            case "llama3":
                var wave = 2 * Math.PI / plain;
                var (low, high) = ((double)_scaling!["low_freq_factor"]!, (double)_scaling["high_freq_factor"]!);
                if (wave < trained / high)
                {
                    return plain;
                }
                if (wave > trained / low)
                {
                    return plain / factor;
                }
                var smooth = (trained / wave - low) / (high - low);
                return (1 - smooth) * plain / factor + smooth * plain;
            case "yarn":
                double Dimension(double rotations) => _size * Math.Log(trained / (rotations * 2 * Math.PI)) / (2 * Math.Log(theta));
                var from = Math.Max(Math.Floor(Dimension((double?)_scaling!["beta_fast"] ?? 32)), 0);
                var to = Math.Min(Math.Ceiling(Dimension((double?)_scaling["beta_slow"] ?? 1)), _size - 1);
                var ramp = Math.Clamp((pair - from) / Math.Max(to - from, 0.001), 0, 1);
                return plain / factor * ramp + plain * (1 - ramp);
            default:
                return plain;
        }
    }

    private int Window(int layer)
    {
        var slides = (string?)config["model_type"] == "mistral"
            || (bool?)config["use_sliding_window"] == true
            && (config["layer_types"] is JsonArray types ? (string?)types[layer] == "sliding_attention" : layer >= (int)config["max_window_layers"]!);
        return slides ? (int?)config["sliding_window"] ?? int.MaxValue : int.MaxValue;
    }

    private double[] Norm(double[] x, string name)
    {
        var scale = 1 / Math.Sqrt(x.Sum(value => value * value) / x.Length + _epsilon);
        return [.. x.Zip(Values(name), (value, weight) => value * scale * weight)];
    }

    private double[] Linear(double[] x, string name)
    {
        var weights = Values($"{name}.weight").Chunk(x.Length).Select(row => Dot(row, x));
        return parameters.TryGet($"{name}.bias", out _) ? [.. weights.Zip(Values($"{name}.bias"), (a, b) => a + b)] : [.. weights];
    }

    private double[] Row(string name, int row) => Values(name)[(row * _hidden)..((row + 1) * _hidden)];

    private double[] Values(string name)
    {
        using var scope = NewDisposeScope();
        return [.. parameters[name].detach().to(ScalarType.Float64).data<double>()];
    }

    private static double Dot(double[] a, double[] b) => a.Zip(b, (x, y) => x * y).Sum();

    private static double[] Sum(double[] a, double[] b) => [.. a.Zip(b, (x, y) => x + y)];
}
