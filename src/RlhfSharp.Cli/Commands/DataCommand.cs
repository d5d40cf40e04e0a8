using System.CommandLine;

namespace RlhfSharp.Cli.Commands;

/// <summary><c>rlhf data</c>: writes data sets.</summary>
internal sealed class DataCommand : Command
{
    public DataCommand()
        : base("data", "Write a data set.")
    {
        Add(new DataPinkElephantsCommand());
        Add(new DataPoemsCommand());
        Add(new DataTasteCommand());
        Add(new DataJudgementsCommand());
    }
}
