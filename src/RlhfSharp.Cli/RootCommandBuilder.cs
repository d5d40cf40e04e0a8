using System.CommandLine;
using RlhfSharp.Cli.Commands;

namespace RlhfSharp.Cli;

/// <summary>Puts the command line together.</summary>
internal static class RootCommandBuilder
{
    /// <summary>Gets how command lines are read: a leading @ is text, not the name of a file with more arguments.</summary>
    public static ParserConfiguration ParserConfiguration { get; } = new() { ResponseFileTokenReplacer = null };

    /// <summary>Makes the root command with every option and command there is.</summary>
    public static RootCommand Build() => new("Trains, probes and maps preference-tuned language models.")
    {
        CommonOptions.Device,
        CommonOptions.LibTorch,
        CommonOptions.Json,
        CommonOptions.Verbose,
        new DemoCommand(),
        new TrainCommand(),
        new CompareCommand(),
        new SweepCommand(),
        new IterateCommand(),
        new MemberCommand(),
        new ReportCommand(),
        new EvalCommand(),
        new DataCommand(),
        new GenerateCommand(),
        new ForwardCommand(),
        new ScoreCommand(),
        new MapCommand(),
        new MergeCommand(),
        new ConvertTokenizerCommand(),
        new DownloadCommand(),
        new SchemaCommand(),
        new EnvCommand(),
    };
}
