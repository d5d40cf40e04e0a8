using System.CommandLine;
using System.Text.Json;
using RlhfSharp.Benchmarks.Measuring;
using RlhfSharp.Benchmarks.Workloads;
using RlhfSharp.Models.Runtime;
using TorchSharp;

namespace RlhfSharp.Benchmarks;

/// <summary>The command line: <c>WORKLOAD... [--json] [--repeats N] [--threads N]</c>.</summary>
internal sealed class BenchmarkCommand : RootCommand
{
    /// <summary>The exit code of a command line that makes no sense.</summary>
    public const int WrongUsage = 2;

    private const int Failed = 1;

    private readonly Argument<string[]> _names = new("WORKLOAD")
    {
        Description = $"What to measure: {string.Join(", ", WorkloadCatalog.All.Select(workload => workload.Name))}, or {WorkloadCatalog.AllName}.",
        Arity = ArgumentArity.ZeroOrMore,
    };

    private readonly Option<bool> _json = new("--json") { Description = "End standard output with one line that is a JSON object." };

    private readonly Option<int> _repeats = CountOption("--repeats", "How often each side is timed; results are medians.", 5);

    private readonly Option<int> _threads = CountOption("--threads", "The number of threads of a matrix product.", Environment.ProcessorCount);

    private readonly Option<bool> _profile = new("--profile")
    {
        Description = "Show where the time of an ilql-step workload goes, and measure nothing else.",
    };

    private readonly Option<Side?> _peak = new(PeakMemory.OptionName) { Hidden = true };

    /// <summary>Initializes the command.</summary>
    public BenchmarkCommand()
        : base("Measures RlhfSharp beside a plain TorchSharp rendering of the same work.")
    {
        Arguments.Add(_names);
        foreach (var option in new Option[] { _json, _repeats, _threads, _profile, _peak })
        {
            Options.Add(option);
        }
        SetAction(Measure);
    }

    /// <summary>Runs a command line.</summary>
    /// <param name="args">Without the program's name.</param>
    /// <param name="output">Where results go.</param>
    /// <param name="error">Where messages go.</param>
    /// <returns>0 done, 1 failed, 2 wrong usage.</returns>
    public static int Run(string[] args, TextWriter output, TextWriter error)
    {
        var parsed = new BenchmarkCommand().Parse(args);
        foreach (var message in parsed.Errors.Select(found => found.Message))
        {
            error.WriteLine($"error: {message}");
        }
        return parsed.Errors.Count > 0 ? WrongUsage : parsed.Invoke(new() { Output = output, Error = error, EnableDefaultExceptionHandler = false });
    }

    private int Measure(ParseResult arguments)
    {
        var (output, error) = (arguments.InvocationConfiguration.Output, arguments.InvocationConfiguration.Error);
        IReadOnlyList<Workload> workloads;
        try
        {
            workloads = WorkloadCatalog.Find(arguments.GetValue(_names) ?? []);
        }
        catch (InputException exception)
        {
            error.WriteLine($"error: {exception.Message}");
            return WrongUsage;
        }
        try
        {
            Measure(workloads, arguments, output);
            return 0;
        }
        catch (Exception exception) when (exception is InputException or InvalidOperationException)
        {
            error.WriteLine($"error: {exception.Message}");
            return Failed;
        }
    }

    private void Measure(IReadOnlyList<Workload> workloads, ParseResult arguments, TextWriter output)
    {
        LibTorch.ThrowIfNotLoaded();
        var threads = arguments.GetValue(_threads);
        torch.set_num_threads(threads);
        if (arguments.GetValue(_peak) is { } side)
        {
            output.WriteLine(PeakMemory.Here(workloads[0], side));
            return;
        }
        if (arguments.GetValue(_profile))
        {
            Profile(workloads, new StepProfile(TimeProvider.System, arguments.GetValue(_repeats)), output);
            return;
        }
        var runner = new WorkloadRunner(TimeProvider.System, arguments.GetValue(_repeats), threads);
        var results = new OrderedDictionary<string, WorkloadResult>();
        output.WriteLine(ResultText.Header);
        foreach (var workload in workloads)
        {
            results[workload.Name] = runner.Run(workload);
            output.WriteLine(ResultText.Line(workload, results[workload.Name]));
        }
        if (arguments.GetValue(_json))
        {
            output.WriteLine(JsonSerializer.Serialize(new { workloads = results }));
        }
    }

    private static void Profile(IReadOnlyList<Workload> workloads, StepProfile profile, TextWriter output)
    {
        foreach (var workload in workloads.Where(workload => workload.Kind != WorkloadKind.Gemm))
        {
            using var contest = workload.Create();
            output.Write(ResultText.Parts(workload, contest.Profile(profile)));
        }
    }

    private static Option<int> CountOption(string name, string description, int fallback)
    {
        var option = new Option<int>(name) { Description = description, HelpName = "N", DefaultValueFactory = _ => fallback };
        option.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int>() < 1)
            {
                result.AddError($"{name} must be a whole number from 1 up.");
            }
        });
        return option;
    }
}
