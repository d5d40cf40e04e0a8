using static TorchSharp.torch;

namespace RlhfSharp.Training.Loop;

/// <summary>AdamW (Loshchilov and Hutter 2019) over named parameters, as one fused call per step.</summary>
/// <remarks>TorchSharp's own AdamW makes some ten calls and native scalars per parameter: 4 to 6 times slower, and its scalars wait for a
/// garbage collection that seldom comes. Parameters that are not F32 are updated through an F32 copy, so that small steps are not lost.</remarks>
public sealed class FusedAdamW : IDisposable
{
    // A wrong script ends the process: this text is constant, and tests compile and run it. Numbers come as tensors, which the scope keeps:
    // TorchSharp turns a double into a native scalar that nothing refers to, and a collection before the call would free it.
    private const string Script = """
        def update(p: List[Tensor], g: List[Tensor], m: List[Tensor], v: List[Tensor], steps: List[Tensor], numbers: Tensor):
          lr, b1, b2, wd, eps = float(numbers[0]), float(numbers[1]), float(numbers[2]), float(numbers[3]), float(numbers[4])
          none : List[Tensor] = []
          torch._foreach_add_(steps, 1)
          torch._fused_adamw_(p, g, m, v, none, steps, lr=lr, beta1=b1, beta2=b2, weight_decay=wd, eps=eps, amsgrad=False, maximize=False)
          return steps[0]

        def norm(g: List[Tensor]):
          return torch.linalg_vector_norm(torch.stack(torch._foreach_norm(g, 2)))

        def clip(g: List[Tensor], norm: Tensor, limit: Tensor):
          torch._foreach_mul_(g, torch.clamp(float(limit) / (norm + 1e-6), max=1.0))
          return norm

        def zero(g: List[Tensor]):
          torch._foreach_zero_(g)
          return g[0]

        """;

    private static readonly jit.CompilationUnit Compiled = jit.compile(Script);

    private readonly OptimizerOptions _options;
    private readonly Slot[] _slots;

    /// <summary>Initializes the optimiser with empty moments.</summary>
    /// <param name="parameters">Names and parameters; those that need no gradient are left alone.</param>
    /// <param name="options">Settings, already validated.</param>
    public FusedAdamW(IEnumerable<KeyValuePair<string, Tensor>> parameters, OptimizerOptions options)
    {
        _options = options;
        _slots = [.. parameters.Where(pair => pair.Value.requires_grad).Select(pair => new Slot(pair.Key, pair.Value, options))];
    }

    /// <summary>Scales the gradients down where their norm exceeds the limit.</summary>
    /// <returns>The norm before that, a scalar owned by the caller's dispose scope; it is NaN or infinite where the loss was.</returns>
    public Tensor ClipGradients()
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        var gradients = Gradients();
        var norm = (Tensor)Compiled.invoke("norm", (object)gradients);
        if (_options.MaxGradNorm > 0)
        {
            Compiled.invoke("clip", gradients, norm, Numbers(_options.MaxGradNorm));
        }
        return norm.MoveToOuterDisposeScope();
    }

    /// <summary>Updates all parameters from their gradients.</summary>
    /// <param name="learningRate">This step's rate.</param>
    public void Update(double learningRate)
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        foreach (var group in _slots.Where(slot => slot.Gradient is not null).GroupBy(slot => slot.WeightDecay))
        {
            Tensor[] All(Func<Slot, Tensor> select) => [.. group.Select(select)];
            Compiled.invoke(
                "update", All(slot => slot.Master), All(slot => slot.MasterGradient),
                All(slot => slot.Mean), All(slot => slot.Variance), All(slot => slot.Steps),
                Numbers(learningRate, _options.Beta1, _options.Beta2, group.Key, _options.Epsilon));
            foreach (var slot in group)
            {
                slot.CopyMaster();
            }
        }
    }

    /// <summary>Clears the gradients, keeping their memory.</summary>
    public void ZeroGradients()
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        var gradients = Gradients();
        if (gradients.Length > 0)
        {
            Compiled.invoke("zero", (object)gradients);
        }
    }

    /// <summary>Gets what resuming needs: moments, step counts and F32 copies by parameter.</summary>
    /// <returns>Names and tensors; the optimiser keeps owning them.</returns>
    public IEnumerable<KeyValuePair<string, Tensor>> State() => _slots.SelectMany(slot => slot.State());

    /// <summary>Takes back what <see cref="State"/> gave.</summary>
    /// <param name="read">Reads a tensor by name.</param>
    public void Restore(Func<string, Tensor> read)
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        foreach (var (name, tensor) in State())
        {
            tensor.copy_(read(name));
        }
    }

    /// <summary>Goes back to empty moments, for weights that were set back.</summary>
    public void Forget()
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        foreach (var slot in _slots)
        {
            slot.Forget();
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var slot in _slots)
        {
            slot.Dispose();
        }
    }

    private static Tensor Numbers(params double[] values) => from_array(values);

    private Tensor[] Gradients() => [.. _slots.Select(slot => slot.Gradient).OfType<Tensor>()];

    private sealed class Slot : IDisposable
    {
        private readonly string _name;
        private readonly Tensor _parameter;
        private readonly bool _hasMaster;

        public Slot(string name, Tensor parameter, OptimizerOptions options)
        {
            using var noGrad = no_grad();
            (_name, _parameter) = (name, parameter);
            _hasMaster = parameter.dtype != ScalarType.Float32;
            WeightDecay = options.Decay == WeightDecayScope.All || parameter.dim() >= 2 ? options.WeightDecay : 0;
            Master = _hasMaster ? parameter.detach().to(ScalarType.Float32).DetachFromDisposeScope() : parameter;
            Mean = zeros_like(parameter, ScalarType.Float32).DetachFromDisposeScope();
            Variance = zeros_like(parameter, ScalarType.Float32).DetachFromDisposeScope();
            Steps = tensor(0f, device: parameter.device).DetachFromDisposeScope();
        }

        public double WeightDecay { get; }

        public Tensor Master { get; }

        public Tensor Mean { get; }

        public Tensor Variance { get; }

        public Tensor Steps { get; }

        public Tensor? Gradient => _parameter.grad;   // a new wrapper each time, owned by the current scope

        public Tensor MasterGradient => _hasMaster ? Gradient!.to(ScalarType.Float32) : Gradient!;

        public void CopyMaster()
        {
            if (_hasMaster)
            {
                _parameter.copy_(Master);
            }
        }

        public void Forget()
        {
            Mean.zero_();
            Variance.zero_();
            Steps.zero_();
            if (_hasMaster)
            {
                Master.copy_(_parameter);
            }
        }

        public IEnumerable<KeyValuePair<string, Tensor>> State()
        {
            yield return new($"{_name}/mean", Mean);
            yield return new($"{_name}/variance", Variance);
            yield return new($"{_name}/steps", Steps);
            if (_hasMaster)
            {
                yield return new($"{_name}/master", Master);
            }
        }

        public void Dispose()
        {
            Mean.Dispose();
            Variance.Dispose();
            Steps.Dispose();
            if (_hasMaster)
            {
                Master.Dispose();
            }
        }
    }
}
