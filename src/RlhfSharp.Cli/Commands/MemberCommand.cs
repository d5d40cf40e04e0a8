using System.CommandLine;
using RlhfSharp.Experiments.IteratedRlhf;
using RlhfSharp.Experiments.Runs;
using RlhfSharp.Models.Runtime;
using RlhfSharp.Training.Loop;
using RlhfSharp.Training.Runs;

namespace RlhfSharp.Cli.Commands;

/// <summary><c>rlhf member</c>, not for people: runs one run, or one stage, of an experiment for the process that has opened it, which reads what it writes and
/// keeps its input open as long as it shall go on.</summary>
internal sealed class MemberCommand : RlhfCommand
{
    /// <summary>The command's name.</summary>
    public const string CommandName = "member";

    /// <summary>The option that names the step after which the run pauses.</summary>
    public const string StopAfterName = "--stop-after";

    private readonly Argument<string> _experiment = new("experiment") { Description = "The experiment's folder." };
    private readonly Option<int> _index = new("--index") { Description = "Which of its runs or stages, from 0.", Required = true };
    private readonly Option<int?> _stopAfter = new(StopAfterName) { Description = "The step after which it pauses." };
    private readonly Option<int> _threads = new("--threads") { Description = "How many threads to compute with.", Required = true };

    public MemberCommand()
        : base(CommandName, "Run one run of an experiment for another process.")
    {
        Hidden = true;
        Add(_experiment);
        Add(_index);
        Add(_stopAfter);
        Add(_threads);
        _index.AtLeast(0);
        _threads.AtLeast(1);
    }

    protected override int Run(CommandContext context)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(context.CancellationToken);
        WatchInput(stop);
        try
        {
            var (experiment, index, threads, teller) = (context.Value(_experiment)!, context.Value(_index), context.Value(_threads), new Teller(context.Output));
            if (RunFacts.KindOf(experiment) == RunFacts.Iterate)
            {
                IterationSession.RunStage(experiment, index, threads, context.SelectDevice(), teller, TimeProvider.System, stop.Token);
            }
            else
            {
                TrainingSession.RunMember(experiment, index, context.Value(_stopAfter), threads, context.SelectDevice(), teller, TimeProvider.System, stop.Token);
            }
            return ExitCodes.Done;
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            return ExitCodes.Interrupted;
        }
        catch (Exception exception) when (exception is InputException || FileErrors.Is(exception))
        {
            var message = exception is InputException ? exception.Message : FileErrors.Describe(exception);
            context.Output.WriteLine(new MemberMessage { Error = message }.ToLine());
            return ExitCodes.Error;
        }
    }

    // Whoever started this process does not write; when it closes its end, or is gone, reading ends.
    private static void WatchInput(CancellationTokenSource stop)
    {
        var thread = new Thread(() =>
        {
            using var input = Console.OpenStandardInput();
            while (input.ReadByte() >= 0)
            {
                // Nothing is said here.
            }
            try
            {
                stop.Cancel();
            }
            catch (ObjectDisposedException)
            {
                // The run was done before.
            }
        })
        {
            IsBackground = true,
        };
        thread.Start();
    }

    private sealed class Teller(TextWriter output) : IExperimentConsole, IRunObserver
    {
        public IRunObserver Begin(string title, int index, int count) => this;

        public void End(int index)
        {
            // The process ends, which says it.
        }

        public void Say(string line) => OnWarning(line);

        public void OnStep(StepReport report, int totalSteps) => Write(new MemberMessage { Step = report, TotalSteps = totalSteps });

        public void OnEvaluation(int step, IReadOnlyDictionary<string, double> metrics) => Write(new MemberMessage { Evaluation = metrics, AtStep = step });

        public void OnWarning(string message) => Write(new MemberMessage { Warning = message });

        private void Write(MemberMessage message)
        {
            output.WriteLine(message.ToLine());
            output.Flush();
        }
    }
}
