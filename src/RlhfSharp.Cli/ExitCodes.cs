namespace RlhfSharp.Cli;

/// <summary>What the exit code of <c>rlhf</c> says.</summary>
internal static class ExitCodes
{
    /// <summary>Done.</summary>
    public const int Done = 0;

    /// <summary>Something went wrong; standard error says what.</summary>
    public const int Error = 1;

    /// <summary>The command line is wrong; nothing was started.</summary>
    public const int WrongUsage = 2;

    /// <summary>Interrupted (Ctrl-C or a request to terminate) after what had to be saved was saved.</summary>
    public const int Interrupted = 130;
}
