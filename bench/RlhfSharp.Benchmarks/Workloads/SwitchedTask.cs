using RlhfSharp.Models;
using RlhfSharp.Training.Loop;
using RlhfSharp.Training.Objectives;
using static TorchSharp.torch;

namespace RlhfSharp.Benchmarks.Workloads;

/// <summary>Two renderings of one algorithm: the same model, loop and optimiser serve both, so that only the forward pass differs.</summary>
internal sealed class SwitchedTask(ITrainingTask ours, ITrainingTask plain) : ITrainingTask
{
    /// <summary>Gets or sets whether the plain rendering computes the loss.</summary>
    public bool IsPlain { get; set; }

    public TransformerModel Model => Current.Model;

    public IReadOnlyList<int> RowLengths => Current.RowLengths;

    private ITrainingTask Current => IsPlain ? plain : ours;

    public double LossWeight(int row) => Current.LossWeight(row);

    public string Describe(int row) => Current.Describe(row);

    public ObjectiveOutput Forward(IReadOnlyList<int> rows, Device device) => Current.Forward(rows, device);

    public void AfterUpdate(int step, bool endsPass) => Current.AfterUpdate(step, endsPass);

    public void AddHostMetrics(IDictionary<string, double> metrics) => Current.AddHostMetrics(metrics);

    public IReadOnlyDictionary<string, double> SaveCounters() => Current.SaveCounters();

    public void RestoreCounters(IReadOnlyDictionary<string, double> counters) => Current.RestoreCounters(counters);
}
