namespace RlhfSharp.Cli.Commands;

/// <summary><c>rlhf demo</c>: what RlhfSharp is for, in five minutes and without a download. Its parts are commands of their own; alone it runs the
/// pink elephants.</summary>
internal sealed class DemoCommand : PinkElephantsDemo
{
    public DemoCommand()
        : base("demo", "Train, measure and report in a few minutes; nothing is downloaded.", Path.Combine("runs", "demo"))
    {
        Add(new PinkElephantsDemo());
        Add(new RandomWalksDemo());
        Add(new IteratedDemo());
        Add(new MapDemo());
    }

    protected override string CommandLine => "rlhf demo";
}
