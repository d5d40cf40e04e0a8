using System.Collections.Concurrent;
using System.CommandLine;
using RlhfSharp.Experiments.IteratedRlhf;
using RlhfSharp.Experiments.Runs;
using RlhfSharp.Models.Runtime;
using RlhfSharp.Training.Loop;
using RlhfSharp.Training.Runs;

namespace RlhfSharp.Cli.Commands;

/// <summary><c>rlhf member</c>, not for people: runs single runs, or stages, of an experiment for the process that has opened it. That process orders one after the
/// other on this one's input (<see cref="MemberOrder"/>), reads what it tells, and keeps the input open as long as it shall go on.</summary>
internal sealed class MemberCommand : RlhfCommand
{
    /// <summary>The command's name.</summary>
    public const string CommandName = "member";

    private readonly Argument<string> _experiment = new("experiment") { Description = "The experiment's folder." };
    private readonly Option<int> _threads = new("--threads") { Description = "How many threads to compute with.", Required = true };

    public MemberCommand()
        : base(CommandName, "Run single runs of an experiment for another process.")
    {
        Hidden = true;
        Add(_experiment);
        Add(_threads);
        _threads.AtLeast(1);
    }

    protected override int Run(CommandContext context)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(context.CancellationToken);
        using var orders = new BlockingCollection<MemberOrder>();
        ReadInput(orders, stop);
        try
        {
            var teller = new Teller(context.Output);
            var run = Runner(context, teller, stop.Token);
            foreach (var order in orders.GetConsumingEnumerable(context.CancellationToken))
            {
                run(order);
                teller.Done();
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

    private Action<MemberOrder> Runner(CommandContext context, Teller teller, CancellationToken stop)
    {
        var (experiment, threads, device) = (context.Value(_experiment)!, context.Value(_threads), context.SelectDevice());
        if (RunFacts.KindOf(experiment) != RunFacts.Iterate)
        {
            return order => TrainingSession.RunMember(experiment, order.Index, order.StopAfter, threads, device, teller, TimeProvider.System, stop);
        }
        var stages = IterationStages.Read(experiment, threads, device, TimeProvider.System);
        return order => stages.Run(order.Index, teller, stop);
    }

    // When whoever started this process closes its end, or is gone, reading ends: what goes on stops, and there is nothing more to do.
    private static void ReadInput(BlockingCollection<MemberOrder> orders, CancellationTokenSource stop)
    {
        var thread = new Thread(() =>
        {
            using var input = new StreamReader(Console.OpenStandardInput());
            try
            {
                while (input.ReadLine() is { } line)
                {
                    orders.Add(MemberOrder.Parse(line));
                }
                orders.CompleteAdding();
                stop.Cancel();
            }
            catch (ObjectDisposedException)
            {
                // The process ends already.
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
            // Done says it.
        }

        public void Done() => Write(new MemberMessage { IsDone = true });

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
