using RlhfSharp.Models.Runtime;
using RlhfSharp.Training.Loop;
using RlhfSharp.Training.Runs;
using TorchSharp;

namespace RlhfSharp.Experiments.Runs;

/// <summary>Writes a run's metrics as TensorBoard event files.</summary>
internal sealed class TensorBoardObserver : IRunObserver
{
    private readonly TorchSharp.Modules.SummaryWriter _writer;

    public TensorBoardObserver(string directory)
    {
        SafeDirectory.Create(directory);
        _writer = torch.utils.tensorboard.SummaryWriter(directory, createRunName: false);
    }

    public void OnStep(StepReport report, int totalSteps)
    {
        if (report.Metrics is { } metrics)
        {
            Write("train", report.Step, metrics);
        }
    }

    public void OnEvaluation(int step, IReadOnlyDictionary<string, double> metrics) => Write("eval", step, metrics);

    public void OnWarning(string message)
    {
        // Event files hold numbers; warnings are in events.jsonl and the report.
    }

    private void Write(string group, int step, IReadOnlyDictionary<string, double> metrics)
    {
        foreach (var (name, value) in metrics)
        {
            _writer.add_scalar($"{group}/{name}", (float)value, step);
        }
    }
}
