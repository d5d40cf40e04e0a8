using System.Text.Json.Nodes;
using RlhfSharp.Models.Architectures;
using static TorchSharp.torch;

namespace RlhfSharp.Models.Tests.Architectures;

/// <summary>DeBERTa once more, number by number in F64, one text at a time: slow, and nothing to hide an error in.</summary>
internal sealed class ScalarDeberta(JsonObject config, ParameterSet parameters)
{
    private readonly int _heads = (int)config["num_attention_heads"]!;
    private readonly double _epsilon = (double)config["layer_norm_eps"]!;

    /// <summary>Computes the scores of one text.</summary>
    public double[] Scores(int[] tokens)
    {
        var hidden = tokens.Select(Embed).ToArray();
        for (var layer = 0; layer < (int)config["num_hidden_layers"]!; layer++)
        {
            var name = $"deberta.encoder.layer.{layer}.";
            var attended = Attend(hidden, name + "attention.self.").Select(x => Linear(x, name + "attention.output.dense")).ToArray();
            for (var t = 0; t < tokens.Length; t++)
            {
                var first = Norm(Sum(hidden[t], attended[t]), name + "attention.output.LayerNorm");
                hidden[t] = Norm(Sum(first, Linear([.. Linear(first, name + "intermediate.dense").Select(Relu)], name + "output.dense")), name + "output.LayerNorm");
            }
        }
        return Linear([.. Linear(hidden[0], "pooler.dense").Select(Relu)], "classifier");
    }

    private double[] Embed(int token, int position)
    {
        var x = Row("deberta.embeddings.word_embeddings.weight", token);
        if ((bool)config["position_biased_input"]!)
        {
            x = Sum(x, Row("deberta.embeddings.position_embeddings.weight", position));
        }
        if ((int)config["type_vocab_size"]! > 0)
        {
            x = Sum(x, Row("deberta.embeddings.token_type_embeddings.weight", 0));
        }
        return Norm(Has("deberta.embeddings.embed_proj.weight") ? Linear(x, "deberta.embeddings.embed_proj") : x, "deberta.embeddings.LayerNorm");
    }

    private double[][] Attend(double[][] inputs, string name)
    {
        var kinds = config["pos_att_type"]!.AsArray().Select(kind => (string)kind!).ToArray();
        var (query, key, value) = (Project(inputs, name + "query_proj"), Project(inputs, name + "key_proj"), Project(inputs, name + "value_proj"));
        var distances = (bool)config["relative_attention"]! ? Distances() : null;
        var shared = (bool)config["share_att_key"]!;
        var distanceKey = distances is null || !kinds.Contains("c2p") ? null : Project(distances, name + (shared ? "key_proj" : "pos_key_proj"));
        var distanceQuery = distances is null || !kinds.Contains("p2c") ? null : Project(distances, name + (shared ? "query_proj" : "pos_query_proj"));
        var size = query[0][0].Length;
        var results = new double[inputs.Length][];
        for (var i = 0; i < inputs.Length; i++)
        {
            var mixed = new List<double>();
            for (var head = 0; head < _heads; head++)
            {
                var weights = new double[inputs.Length];
                for (var j = 0; j < inputs.Length; j++)
                {
                    var sum = Dot(query[i][head], key[j][head]);
                    sum += distanceKey is null ? 0 : Dot(query[i][head], distanceKey[Place(i - j)][head]);
                    sum += distanceQuery is null ? 0 : Dot(key[j][head], distanceQuery[Place(i - j)][head]);
                    weights[j] = Math.Exp(sum / Math.Sqrt(size * (1 + kinds.Length)));
                }
                mixed.AddRange(Enumerable.Range(0, size).Select(d => weights.Select((weight, j) => weight * value[j][head][d]).Sum() / weights.Sum()));
            }
            results[i] = [.. mixed];
        }
        return results;
    }

    private int Span => (int)config["position_buckets"]! is > 0 and var buckets ? buckets : Largest;

    private int Largest => (int)config["max_relative_positions"]! is > 0 and var largest ? largest : (int)config["max_position_embeddings"]!;

    private int Place(int distance)
    {
        var buckets = (int)config["position_buckets"]!;
        var middle = buckets / 2;
        if (buckets > 0 && Math.Abs(distance) > middle)
        {
            var logarithm = Math.Ceiling(Math.Log(Math.Abs(distance) / (double)middle) / Math.Log((Largest - 1) / (double)middle) * (middle - 1));
            distance = Math.Sign(distance) * ((int)logarithm + middle);
        }
        return Math.Clamp(distance + Span, 0, 2 * Span - 1);
    }

    private double[][] Distances() =>
        [.. Enumerable.Range(0, 2 * Span).Select(row => Row("deberta.encoder.rel_embeddings.weight", row)).Select(row => Has("deberta.encoder.LayerNorm.weight") ? Norm(row, "deberta.encoder.LayerNorm") : row)];

    private double[][][] Project(double[][] inputs, string name) =>
        [.. inputs.Select(x => Linear(x, name)).Select(all => all.Chunk(all.Length / _heads).ToArray())];

    private double[] Norm(double[] x, string name)
    {
        var mean = x.Average();
        var scale = 1 / Math.Sqrt(x.Average(value => (value - mean) * (value - mean)) + _epsilon);
        return [.. x.Select(value => (value - mean) * scale).Zip(Values($"{name}.weight"), (value, weight) => value * weight).Zip(Values($"{name}.bias"), (a, b) => a + b)];
    }

    private double[] Linear(double[] x, string name)
    {
        var products = Values($"{name}.weight").Chunk(x.Length).Select(row => Dot(row, x));
        return Has($"{name}.bias") ? [.. products.Zip(Values($"{name}.bias"), (a, b) => a + b)] : [.. products];
    }

    private double[] Row(string name, int row)
    {
        var width = (int)parameters[name].size(1);
        return Values(name)[(row * width)..((row + 1) * width)];
    }

    private bool Has(string name) => parameters.TryGet(name, out _);

    private double[] Values(string name)
    {
        using var scope = NewDisposeScope();
        return [.. parameters[name].detach().to(ScalarType.Float64).data<double>()];
    }

    private static double Relu(double x) => Math.Max(0, x);

    private static double Dot(double[] a, double[] b) => a.Zip(b, (x, y) => x * y).Sum();

    private static double[] Sum(double[] a, double[] b) => [.. a.Zip(b, (x, y) => x + y)];
}
