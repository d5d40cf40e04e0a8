using System.Runtime.CompilerServices;

namespace RlhfSharp.Cli;

internal static class Program
{
    // libtorch is loaded as soon as RlhfSharp.Models is touched, so this method and what it calls first must not name its types.
    public static int Main(string[] args)
    {
        LibTorchOption.Apply(args);
        return Run(args);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static int Run(string[] args)
    {
        using var interruption = new Interruption();
        FileSizeSignal.Ignore();
        return CommandRunner.Run(RootCommandBuilder.Build(), args, Console.Out, Console.Error, interruption.Token);
    }
}
