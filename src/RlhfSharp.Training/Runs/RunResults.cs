using System.Text.Json;
using RlhfSharp.Models.Runtime;

namespace RlhfSharp.Training.Runs;

/// <summary>The last evaluation of a run: the content of <c>results.json</c>, from which tables and intervals are made.</summary>
public static class RunResults
{
    /// <summary>The metric that says what a run cost; see <see cref="Loop.LoopOptions.ComputeBudget"/>.</summary>
    public const string ComputeMetric = "tokens";

    /// <summary>The file's name.</summary>
    public const string FileName = "results.json";

    private static readonly JsonSerializerOptions Format = new(JsonSerializerDefaults.Web)
    {
        NumberHandling = System.Text.Json.Serialization.JsonNumberHandling.AllowNamedFloatingPointLiterals,
    };

    /// <summary>Writes the file.</summary>
    /// <param name="directory">The run's folder.</param>
    /// <param name="result">The last evaluation; its samples are in <c>samples.jsonl</c> and not repeated.</param>
    /// <param name="compute">What the run cost, in tokens that pass once through the policy.</param>
    public static void Write(string directory, EvaluationResult result, double compute)
    {
        ArgumentNullException.ThrowIfNull(result);
        var whole = result with { Samples = [], Metrics = new OrderedDictionary<string, double>(result.Metrics) { [ComputeMetric] = compute } };
        AtomicFile.WriteAllText(Path.Combine(directory, FileName), JsonSerializer.Serialize(whole, Format) + "\n");
    }

    /// <summary>Appends an evaluation to a run's logs and shows it.</summary>
    /// <param name="directory">The run.</param>
    /// <param name="step">After how many steps.</param>
    /// <param name="epoch">After how many passes over the data.</param>
    /// <param name="result">The evaluation.</param>
    /// <param name="observers">Watch.</param>
    public static void Record(RunDirectory directory, int step, double epoch, EvaluationResult result, IReadOnlyList<IRunObserver> observers)
    {
        ArgumentNullException.ThrowIfNull(directory);
        ArgumentNullException.ThrowIfNull(result);
        ArgumentNullException.ThrowIfNull(observers);
        directory.Metrics.AppendMetrics(step, epoch, result.Metrics);
        foreach (var sample in result.Samples)
        {
            directory.Samples.AppendJson(sample);
        }
        foreach (var observer in observers)
        {
            observer.OnEvaluation(step, result.Metrics);
        }
    }

    /// <summary>Reads the file.</summary>
    /// <param name="directory">The run's folder.</param>
    /// <returns>The last evaluation, without samples.</returns>
    /// <exception cref="InputException">The run has not come to its end, or the file is broken.</exception>
    public static EvaluationResult Read(string directory)
    {
        var path = Path.Combine(directory, FileName);
        try
        {
            return JsonSerializer.Deserialize<EvaluationResult>(File.ReadAllText(path), Format)!;
        }
        catch (Exception exception) when (exception is IOException or JsonException)
        {
            throw new InputException($"'{path}' cannot be read: {exception.Message}", exception);
        }
    }
}
