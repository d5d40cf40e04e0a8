using System.Diagnostics.CodeAnalysis;
using RlhfSharp.Models.Runtime;
using static TorchSharp.torch;

namespace RlhfSharp.Models.Architectures;

/// <summary>Named parameters in a fixed order. The training loop, saving and freezing see these and nothing else of a model.</summary>
/// <remarks>Owns its tensors: they live outside every dispose scope until the set is disposed.</remarks>
public sealed class ParameterSet : IDisposable
{
    private readonly OrderedDictionary<string, Tensor> _tensors = [];

    /// <summary>Gets the names, in the order in which they were added.</summary>
    public IEnumerable<string> Names => _tensors.Keys;

    /// <summary>Gets names and tensors, in the order in which they were added.</summary>
    public IEnumerable<KeyValuePair<string, Tensor>> Tensors => _tensors;

    /// <summary>Gets the number of elements of all parameters.</summary>
    public long ElementCount => _tensors.Values.Sum(tensor => tensor.numel());

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
        var values = new float[spec.Count];
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = (float)(scale * (kind == InitializationKind.Normal ? random.NextGaussian() : 2 * random.NextDouble() - 1));
        }
        // A copy, because the tensor lies in the array itself: its address, and with it the last bits of matrix products, would differ from run to run.
        return tensor(values, spec.Shape).clone();
    }
}
