using System.CommandLine;

namespace RlhfSharp.Cli.Commands;

/// <summary><c>rlhf eval</c>: scores a model on a task without training it.</summary>
internal sealed class EvalCommand : Command
{
    public EvalCommand()
        : base("eval", "Score a model on a task without training it.")
    {
        Add(new EvalPinkElephantsCommand());
        Add(new EvalPoemsCommand());
    }
}
