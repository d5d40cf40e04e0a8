using RlhfSharp.Models.Architectures;
using RlhfSharp.Models.Runtime;
using static TorchSharp.torch;

namespace RlhfSharp.Models.Adapters;

/// <summary>The low-rank pairs of a model, and which of its own parts train beside them.</summary>
public sealed class LoraAdapter : IDisposable
{
    private const string A = ".lora_A.weight";
    private const string B = ".lora_B.weight";
    private const string Weight = ".weight";

    private Generator? _generator;   // of the training step that is under way

    private LoraAdapter(LoraOptions options, string baseModel, IReadOnlyList<string> layers, IReadOnlyList<string> saved, ParameterSet parameters) =>
        (Options, BaseModel, Layers, SavedNames, Parameters) = (options, baseModel, layers, saved, parameters);

    /// <summary>Gets the settings.</summary>
    public LoraOptions Options { get; }

    /// <summary>Gets the checkpoint of the model without the adapter, as it is written beside the adapter.</summary>
    public string BaseModel { get; }

    /// <summary>Gets the names of the adapted layers.</summary>
    public IReadOnlyList<string> Layers { get; }

    /// <summary>Gets the names of the model's own parameters that train, and are saved whole.</summary>
    public IReadOnlyList<string> SavedNames { get; }

    /// <summary>Gets A and B of every layer, under PEFT's names without their prefix: <c>LAYER.lora_A.weight</c>.</summary>
    public ParameterSet Parameters { get; }

    /// <summary>Gets or sets whether the pairs count. Switched off, the model computes what it did before: a reference that costs no memory.</summary>
    public bool IsEnabled { get; set; } = true;

    /// <summary>Draws a new adapter: A at random, B zero, so that nothing changes at first.</summary>
    /// <param name="config">The model's configuration.</param>
    /// <param name="options">The settings.</param>
    /// <param name="isClassifier">Whether it is for a classifier, whose scores always train.</param>
    /// <param name="baseModel">The checkpoint of the model without the adapter.</param>
    /// <param name="seed">The run's seed.</param>
    /// <param name="type">The element type of A and B; F32 even where the model is in half precision, as in PEFT.</param>
    /// <param name="device">Where they live.</param>
    /// <returns>The adapter, to be put on a model by <see cref="TransformerModel.Attach"/>.</returns>
    /// <exception cref="InputException">A target or a module names nothing of the model.</exception>
    public static LoraAdapter Create(ModelConfig config, LoraOptions options, bool isClassifier, string baseModel, long seed, ScalarType type, Device device)
    {
        ArgumentNullException.ThrowIfNull(config);
        ArgumentNullException.ThrowIfNull(options);
        var specs = isClassifier ? config.ClassifierParameters() : config.Parameters();
        var linear = specs.Where(spec => IsLinear(spec) || IsOutput(spec, config)).ToDictionary(spec => LayerOf(spec.Name), StringComparer.Ordinal);
        var layers = options.Targets.Contains(LoraOptions.AllLinear)
            ? linear.Where(pair => IsLinear(pair.Value)).Select(pair => pair.Key).ToList()
            : linear.Keys.Where(layer => options.Targets.Any(target => Matches(layer, target))).ToList();
        if (config.TieWordEmbeddings && options.Targets.Contains("lm_head") && !isClassifier)
        {
            throw new InputException("lora.targets: the output layer is the input embedding too (tie_word_embeddings), so it cannot be adapted by itself.");
        }
        RequireFound(options.Targets.Where(target => target != LoraOptions.AllLinear), linear.Keys, "targets");
        var modules = specs.Select(spec => LayerOf(spec.Name)).Distinct().ToList();
        RequireFound(options.ModulesToSave, modules, "modulesToSave");
        var scores = isClassifier ? config.ScoreLayer.Specs(config.HiddenSize, config.LabelCount).Select(spec => spec.Name).ToHashSet() : [];
        var saved = specs.Where(spec => scores.Contains(spec.Name) || options.ModulesToSave.Any(module => Matches(LayerOf(spec.Name), module))).Select(spec => spec.Name);
        var pairs = layers.SelectMany(layer => Specs(layer, linear[layer], config.StoresTransposed(layer), options.Rank));
        return new LoraAdapter(options, baseModel, layers, [.. saved], ParameterSet.Create(pairs, seed, type, device));
    }

    /// <summary>Begins a training step: from now on a share of the inputs is dropped, the same in every run of this seed.</summary>
    /// <param name="seed">The run's seed.</param>
    /// <param name="step">Which step.</param>
    public void BeginStep(long seed, int step)
    {
        if (Options.Dropout > 0)
        {
            _generator?.Dispose();
            _generator = new Generator((ulong)new NamedRandom(seed, "lora-dropout", step).Next(int.MaxValue), Parameters.Tensors.First().Value.device);
        }
    }

    /// <summary>Ends a training step: from now on nothing is dropped.</summary>
    public void EndStep()
    {
        _generator?.Dispose();
        _generator = null;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        EndStep();
        Parameters.Dispose();
    }

    /// <summary>Finds the pair of a layer; null where it has none.</summary>
    internal LoraPair? Find(string layer) =>
        Parameters.TryGet(layer + A, out var a) ? new LoraPair(this, a, Parameters[layer + B]) : null;

    /// <summary>Gets the two matrices of the layer whose weight has this name; null where it has none.</summary>
    internal IReadOnlyList<Tensor>? Tensors(string weight) =>
        weight.EndsWith(Weight, StringComparison.Ordinal) && Parameters.TryGet(weight[..^Weight.Length] + A, out var a) ? [a, Parameters[weight[..^Weight.Length] + B]] : null;

    /// <summary>Gets where the random numbers of the training step stand; null where nothing is dropped. Owned by the caller's dispose scope.</summary>
    internal Tensor? Randomness() => _generator?.get_state();

    /// <summary>Draws the same random numbers again, until the result is disposed; then goes on where it was.</summary>
    /// <param name="randomness">What <see cref="Randomness"/> gave.</param>
    internal IDisposable Repeat(Tensor randomness)
    {
        var generator = _generator ?? throw new InvalidOperationException("The training step has ended; its random numbers cannot be drawn again.");
        var present = generator.get_state();
        generator.set_state(randomness);
        return new Repetition(() =>
        {
            generator.set_state(present);
            present.Dispose();
        });
    }

    /// <summary>Drops inputs where a training step is under way.</summary>
    internal Tensor Drop(Tensor x)
    {
        if (_generator is null)
        {
            return x;
        }
        var kept = rand(x.shape, dtype: x.dtype, device: x.device, generator: _generator).greater_equal(Options.Dropout);
        return x * kept * (1 / (1 - Options.Dropout));
    }

    /// <summary>Tells whether a layer is meant by a name: it is the name, or ends with it.</summary>
    internal static bool Matches(string layer, string name) => layer == name || layer.EndsWith($".{name}", StringComparison.Ordinal);

    private static bool IsLinear(ParameterSpec spec) => spec.Layer is not null && spec.Shape.Length == 2 && spec.Name.EndsWith(Weight, StringComparison.Ordinal);

    // One that is the input embedding too is no layer of its own: merged, the adapter would change what tokens mean on their way in.
    private static bool IsOutput(ParameterSpec spec, ModelConfig config) => spec.Name == config.OutputWeightName && !config.TieWordEmbeddings;

    private static string LayerOf(string parameter) => parameter[..parameter.LastIndexOf('.')];

    // A within 1/√inputs, as PyTorch draws a Linear and PEFT an A.
    private static IEnumerable<ParameterSpec> Specs(string layer, ParameterSpec weight, bool isTransposed, int rank)
    {
        var (outputs, inputs) = isTransposed ? (weight.Shape[1], weight.Shape[0]) : (weight.Shape[0], weight.Shape[1]);
        yield return new(layer + A, [rank, inputs], Initialization.Uniform(1 / Math.Sqrt(inputs)), weight.Layer);
        yield return new(layer + B, [outputs, rank], Initialization.Zeros, weight.Layer);
    }

    private sealed class Repetition(Action end) : IDisposable
    {
        public void Dispose() => end();
    }

    private static void RequireFound(IEnumerable<string> names, IReadOnlyCollection<string> layers, string option)
    {
        foreach (var name in names.Where(name => !layers.Any(layer => Matches(layer, name))))
        {
            throw new InputException($"lora.{option}: the model has no layer '{name}'. {NearestName.Hint(name, layers.Select(layer => layer[(layer.LastIndexOf('.') + 1)..]).Distinct())}");
        }
    }
}
