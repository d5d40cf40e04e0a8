using static TorchSharp.torch;

namespace RlhfSharp.Training.Objectives;

/// <summary>Named values of a micro-batch, still on the device. They are averaged over the whole optimiser step, and read back only when
/// logged.</summary>
public sealed class ObjectiveMetrics
{
    private readonly List<(string Name, Tensor Values, bool IsDistribution)> _entries = [];

    /// <summary>Gets the entries: name, values of any shape, and whether minimum, maximum and standard deviation are wanted besides the
    /// mean.</summary>
    public IReadOnlyList<(string Name, Tensor Values, bool IsDistribution)> Entries => _entries;

    /// <summary>Reports a mean.</summary>
    /// <param name="name">The metric's name, for instance <c>losses/loss_q</c>.</param>
    /// <param name="values">One value per unit.</param>
    public void AddMean(string name, Tensor values) => _entries.Add((name, values.detach(), false));

    /// <summary>Reports <c>name/mean</c>, <c>name/min</c>, <c>name/max</c> and <c>name/std</c>.</summary>
    /// <param name="name">For instance <c>values</c>.</param>
    /// <param name="values">One value per unit.</param>
    public void AddDistribution(string name, Tensor values) => _entries.Add((name, values.detach(), true));
}
