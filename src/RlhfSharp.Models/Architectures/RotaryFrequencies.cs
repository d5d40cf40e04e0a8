using RlhfSharp.Models.Checkpoints;
using static TorchSharp.torch;

namespace RlhfSharp.Models.Architectures;

/// <summary>How fast each pair of dimensions turns per position, and what a configuration does to that so that a model reads longer texts than it was
/// trained on. Names, keys and formulas are those of Hugging Face's <c>modeling_rope_utils.py</c>.</summary>
internal sealed class RotaryFrequencies
{
    private readonly float[] _perPair;
    private readonly Func<Tensor, Tensor>? _ofLengths;

    private RotaryFrequencies(double[] perPair, double gain = 1, Func<Tensor, Tensor>? ofLengths = null) =>
        (_perPair, Gain, _ofLengths) = ([.. perPair.Select(frequency => (float)frequency)], gain, ofLengths);

    /// <summary>Gets what cosines and sines are multiplied by.</summary>
    public double Gain { get; }

    /// <summary>Gets whether a token's angle depends on the length of its text.</summary>
    public bool DependOnLength => _ofLengths is not null;

    /// <summary>Reads the base and the scaling of a configuration.</summary>
    /// <param name="file">The configuration.</param>
    /// <param name="size">How many dimensions of a head turn.</param>
    /// <param name="baseKey">Where the base stands, unless it stands with the scaling: <see cref="RotarySection"/>.</param>
    /// <param name="positions"><c>max_position_embeddings</c>.</param>
    /// <returns>The frequencies, and how many positions the model can read with them.</returns>
    /// <exception cref="UnsupportedModelException">The kind of scaling is not implemented.</exception>
    public static (RotaryFrequencies Frequencies, int Positions) Read(ConfigFile file, int size, string baseKey, int positions)
    {
        if (size % 2 != 0)
        {
            throw file.Error("head_dim", $"is {size}; rotary positions need an even number");
        }
        var (key, section) = (RotarySection.Key(file), RotarySection.Find(file));
        if (section is { Json: var json } && json["rope_type"] is null && json["type"] is null && json["factor"] is not null)
        {
            throw section.Error("rope_type", "is missing beside factor");
        }
        var kind = section?.Text("rope_type", section.Text("type", "default")) ?? "default";
        var rotaryBase = RotarySection.Base(file, baseKey);
        if (size == 2 && kind == "dynamic")
        {
            throw file.Error(key!, "is dynamic, which needs more than two dimensions per head");
        }
        var plain = Enumerable.Range(0, size / 2).Select(i => Math.Pow(rotaryBase, -2.0 * i / size)).ToArray();
        if (section is null || kind == "default")
        {
            return (new RotaryFrequencies(plain), positions);
        }
        const string TrainedKey = "original_max_position_embeddings";
        var trained = section.PositiveInteger(TrainedKey, file.PositiveInteger(TrainedKey, positions))!.Value;
        var factor = kind is "linear" or "dynamic" or "llama3" or "yarn"
            ? Factor(section, kind == "yarn" ? (double)positions / trained : null)
            : throw file.Unsupported(key!, $"asks for positions scaled by '{kind}', which is not implemented; allowed: default, linear, dynamic, llama3, yarn");
        return kind switch
        {
            "linear" => (new RotaryFrequencies([.. plain.Select(frequency => frequency / factor)]), Extended(positions, factor)),
            "dynamic" => (Dynamic(plain, size, rotaryBase, factor, positions), Extended(positions, factor)),
            "llama3" => (Llama3(section, plain, factor, trained), positions),
            _ => Yarn(section, plain, size, rotaryBase, factor, positions, trained),
        };
    }

    /// <summary>Computes angles.</summary>
    /// <param name="positions"><c>[tokens]</c>.</param>
    /// <param name="lengths">How long each token's text is up to now, <c>[tokens]</c>.</param>
    /// <returns><c>[tokens, pairs]</c>, F32.</returns>
    public Tensor Angles(Tensor positions, Tensor lengths)
    {
        var perPair = _ofLengths?.Invoke(lengths) ?? tensor(_perPair, device: positions.device);   // [tokens, pairs] or [pairs]
        return positions.to(ScalarType.Float32).unsqueeze(1) * perPair;
    }

    private static int Extended(int positions, double factor) => (int)Math.Min(int.MaxValue, positions * factor);

    private static double Factor(ConfigFile section, double? fallback)
    {
        var factor = section.Json["factor"] is null ? fallback ?? throw section.Error("factor", "is missing") : section.Number("factor", 1);
        return factor >= 1 ? factor : throw section.Error("factor", $"is {factor}; it must be 1 or more");
    }

    // The base grows with the text once that is longer than those of the training. Each text by its own length: what else is in its batch
    // changes nothing. (Hugging Face goes by the longest of a batch.)
    private static RotaryFrequencies Dynamic(double[] plain, int size, double rotaryBase, double factor, int positions) => new(plain, ofLengths: lengths =>
    {
        var stretch = lengths.to(ScalarType.Float64).clamp_min(positions) * (factor / positions) - (factor - 1);
        var bases = stretch.pow((double)size / (size - 2)) * rotaryBase;   // [tokens]
        var exponents = tensor(Enumerable.Range(0, size / 2).Select(i => -2.0 * i / size).ToArray(), device: lengths.device);
        return bases.unsqueeze(1).pow(exponents).to(ScalarType.Float32);
    });

    // Llama 3.1: slow pairs are stretched, fast ones are not, those between are mixed.
    private static RotaryFrequencies Llama3(ConfigFile section, double[] plain, double factor, int trained)
    {
        var (slow, fast) = (section.Number("low_freq_factor", 1), section.Number("high_freq_factor", 4));
        if (fast <= slow)
        {
            throw section.Error("high_freq_factor", $"is {fast}; it must be above low_freq_factor, {slow}");
        }
        return new RotaryFrequencies([.. plain.Select(frequency =>
        {
            var turns = trained * frequency / (2 * Math.PI);   // of this pair, in a text as long as those of the training
            var kept = Math.Clamp((turns - slow) / (fast - slow), 0, 1);
            return (1 - kept) * frequency / factor + kept * frequency;
        })]);
    }

    // YaRN (Peng et al. 2023, https://arxiv.org/abs/2309.00071): as Llama 3.1 does, but mixed by the pair's number and with sharper attention.
    private static (RotaryFrequencies Frequencies, int Positions) Yarn(
        ConfigFile section, double[] plain, int size, double rotaryBase, double factor, int positions, int trained)
    {
        double PairThatTurns(double times) => size * Math.Log(trained / (times * 2 * Math.PI)) / (2 * Math.Log(rotaryBase));
        var (first, last) = (PairThatTurns(section.Number("beta_fast", 32)), PairThatTurns(section.Number("beta_slow", 1)));
        if (section.Flag("truncate", true))
        {
            (first, last) = (Math.Floor(first), Math.Ceiling(last));
        }
        (first, last) = (Math.Max(first, 0), Math.Min(last, size - 1));
        var width = last == first ? 0.001 : last - first;
        double[] frequencies = [.. plain.Select((frequency, pair) =>
        {
            var stretched = Math.Clamp((pair - first) / width, 0, 1);
            return stretched * frequency / factor + (1 - stretched) * frequency;
        })];
        return (new RotaryFrequencies(frequencies, YarnGain(section, factor)), Math.Max(positions, Extended(trained, factor)));
    }

    private static double YarnGain(ConfigFile section, double factor)
    {
        double Sharpness(double strength) => factor <= 1 ? 1 : 0.1 * strength * Math.Log(factor) + 1;
        var (strength, overall) = (section.Number("mscale", 0), section.Number("mscale_all_dim", 0));
        var usual = strength != 0 && overall != 0 ? Sharpness(strength) / Sharpness(overall) : Sharpness(1);
        return section.Number("attention_factor", usual);
    }
}
