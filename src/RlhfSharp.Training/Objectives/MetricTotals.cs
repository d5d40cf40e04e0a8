using TorchSharp;
using static TorchSharp.torch;

namespace RlhfSharp.Training.Objectives;

/// <summary>Metrics of all micro-batches of an optimiser step. Equal for any way of cutting the step into micro-batches.</summary>
public sealed class MetricTotals
{
    private readonly OrderedDictionary<string, (List<Tensor> Parts, bool IsDistribution)> _entries = [];

    /// <summary>Adds a micro-batch.</summary>
    /// <param name="metrics">Its metrics; the tensors move to the caller's outer dispose scope.</param>
    public void Add(ObjectiveMetrics metrics)
    {
        foreach (var (name, values, isDistribution) in metrics.Entries)
        {
            if (!_entries.TryGetValue(name, out var entry))
            {
                _entries.Add(name, entry = ([], isDistribution));
            }
            entry.Parts.Add(values.flatten().MoveToOuterDisposeScope());
        }
    }

    /// <summary>Reads the metrics back from the device.</summary>
    /// <returns>Name and value; the standard deviation is that of the whole population, as in trlX.</returns>
    public IReadOnlyDictionary<string, double> ToHost()
    {
        using var scope = NewDisposeScope();
        var result = new OrderedDictionary<string, double>();
        foreach (var (name, (parts, isDistribution)) in _entries)
        {
            var values = cat(parts).to(ScalarType.Float64);
            var mean = values.mean().ToDouble();
            if (!isDistribution)
            {
                result[name] = mean;
                continue;
            }
            result[$"{name}/mean"] = mean;
            result[$"{name}/min"] = values.min().ToDouble();
            result[$"{name}/max"] = values.max().ToDouble();
            result[$"{name}/std"] = Math.Sqrt((values - mean).square().mean().ToDouble());
        }
        return result;
    }
}
