using System.Text.Json;
using System.Text.Json.Serialization;
using RlhfSharp.Training.Loop;
using RlhfSharp.Training.Runs;

namespace RlhfSharp.Cli;

/// <summary>What a process that does single runs of an experiment tells the one that started it: a line of JSON with one of these.</summary>
internal sealed record MemberMessage
{
    private static readonly JsonSerializerOptions Options = new()
    {
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,   // a loss may be NaN
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    };

    /// <summary>Gets what happened at a step.</summary>
    public StepReport? Step { get; init; }

    /// <summary>Gets the number of steps of the run, with <see cref="Step"/>.</summary>
    public int? TotalSteps { get; init; }

    /// <summary>Gets what an evaluation measured.</summary>
    public IReadOnlyDictionary<string, double>? Evaluation { get; init; }

    /// <summary>Gets the number of updates before the evaluation, with <see cref="Evaluation"/>.</summary>
    public int? AtStep { get; init; }

    /// <summary>Gets what deserves attention.</summary>
    public string? Warning { get; init; }

    /// <summary>Gets what is wrong with the input; the process ends.</summary>
    public string? Error { get; init; }

    /// <summary>Gets whether the order is carried out; the process waits for the next.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool IsDone { get; init; }

    /// <summary>Writes the line.</summary>
    public string ToLine() => JsonSerializer.Serialize(this, Options);

    /// <summary>Reads a line.</summary>
    /// <exception cref="JsonException">It is none.</exception>
    public static MemberMessage Parse(string line) => JsonSerializer.Deserialize<MemberMessage>(line, Options) ?? throw new JsonException("null is no message");

    /// <summary>Passes on what it tells; errors aside.</summary>
    public void Tell(IRunObserver observer)
    {
        if (Step is not null)
        {
            observer.OnStep(Step, TotalSteps ?? Step.Step);
        }
        if (Evaluation is not null)
        {
            observer.OnEvaluation(AtStep ?? 0, Evaluation);
        }
        if (Warning is not null)
        {
            observer.OnWarning(Warning);
        }
    }
}
