using System.Diagnostics.CodeAnalysis;
using RlhfSharp.Models.Adapters;
using RlhfSharp.Models.Runtime;
using static TorchSharp.torch;

namespace RlhfSharp.Models.Architectures;

/// <summary>Named parameters in a fixed order. The training loop, saving and freezing see these and nothing else of a model.</summary>
/// <remarks>Owns its tensors: they live outside every dispose scope until the set is disposed.</remarks>
public sealed class ParameterSet : IDisposable
{
    private const int DrawnAtOnce = 1 << 16;

    private readonly OrderedDictionary<string, Tensor> _tensors = [];

    /// <summary>Gets the names, in the order in which they were added.</summary>
    public IEnumerable<string> Names => _tensors.Keys;

    /// <summary>Gets names and tensors, in the order in which they were added.</summary>
    public IEnumerable<KeyValuePair<string, Tensor>> Tensors => _tensors;

    /// <summary>Gets the number of elements of all parameters.</summary>
    public long ElementCount => _tensors.Values.Sum(tensor => tensor.numel());

    /// <summary>Gets or sets the adapter whose pairs are added to linear layers; networks that are built over these parameters read it.</summary>
    internal LoraAdapter? Adapter { get; set; }

    /// <summary>Gets a parameter.</summary>
    /// <param name="name">Its name.</param>
    /// <returns>The tensor; the set keeps owning it.</returns>
    public Tensor this[string name] => _tensors[name];

    /// <summary>Draws new parameters.</summary>
    /// <param name="specs">What to draw.</param>
    /// <param name="seed">The run's seed; each parameter has a generator named after it.</param>
    /// <param name="type">The element type.</param>
    /// <param name="device">Where they live.</param>
    /// <returns>The parameters.</returns>
    public static ParameterSet Create(IEnumerable<ParameterSpec> specs, long seed, ScalarType type, Device device)
    {
        var set = new ParameterSet();
        foreach (var spec in specs)
        {
            using var scope = NewDisposeScope();
            set.Add(spec.Name, Draw(spec, seed).to(type).to(device));
        }
        return set;
    }

    /// <summary>Adds a parameter; gradients will be computed for it.</summary>
    /// <param name="name">A name the set does not have yet.</param>
    /// <param name="tensor">The values; the set takes ownership.</param>
    public void Add(string name, Tensor tensor)
    {
        var owned = tensor.detach().requires_grad_(tensor.is_floating_point());
        _tensors.Add(name, owned.DetachFromDisposeScope());
    }

    /// <summary>Looks a parameter up.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="tensor">The tensor, if there is one; the set keeps owning it.</param>
    /// <returns>Whether there is one.</returns>
    public bool TryGet(string name, [NotNullWhen(true)] out Tensor? tensor) => _tensors.TryGetValue(name, out tensor);

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var tensor in _tensors.Values)
        {
            tensor.grad?.Dispose();
            tensor.Dispose();
        }
        _tensors.Clear();
    }

    private static Tensor Draw(ParameterSpec spec, long seed)
    {
        var (kind, scale) = spec.Initialization;
        if (kind == InitializationKind.Constant)
        {
            return full(spec.Shape, scale);
        }
        var random = new NamedRandom(seed, $"initialization/{spec.Name}");
        var parameter = empty(spec.Count);
        // In parts: arrays as large as parameters would stay behind as garbage, twice the model's memory for a long time. And copied into
        // libtorch's own memory: at an array's address the last bits of matrix products would differ from run to run.
        var values = new float[Math.Min(spec.Count, DrawnAtOnce)];
        for (var start = 0L; start < spec.Count; start += values.Length)
        {
            using var scope = NewDisposeScope();
            var count = (int)Math.Min(values.Length, spec.Count - start);
            foreach (ref var value in values.AsSpan(0, count))
            {
                value = (float)(scale * (kind == InitializationKind.Normal ? random.NextGaussian() : 2 * random.NextDouble() - 1));
            }
            parameter.narrow(0, start, count).copy_(tensor(values).narrow(0, 0, count));
        }
        return parameter.view(spec.Shape);
    }
}
