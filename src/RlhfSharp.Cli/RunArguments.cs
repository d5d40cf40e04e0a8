using System.CommandLine;

namespace RlhfSharp.Cli;

/// <summary>The arguments of commands that run a recipe or go on with a run: the recipe, where it goes, what is changed.</summary>
internal sealed class RunArguments
{
    private readonly string _setting;

    private readonly Option<string?>? _otherRecipe;

    private RunArguments(string setting, Option<string?>? otherRecipe) => (_setting, _otherRecipe) = (setting, otherRecipe);

    public Argument<string?> Recipe { get; } = new("recipe") { Description = "The recipe, a YAML file.", Arity = ArgumentArity.ZeroOrOne };

    public Option<string?> Run { get; } = new("--run") { Description = "The run's folder; by default runs/ and the recipe's name." };

    public Option<string?> Resume { get; } = new("--resume") { Description = "Go on with the run in this folder; nothing else is needed." };

    public Option<bool> Overwrite { get; } = new("--overwrite") { Description = "Remove the run that is in the folder and start anew." };

    public Option<string[]> Set => field ??= new("--set") { Description = $"Change a setting: --set {_setting}. May be given several times." };

    /// <summary>Adds them to a command, and the rule that a recipe and a run to go on with exclude each other.</summary>
    /// <param name="command">The command.</param>
    /// <param name="example">The name of a recipe, for the message about a command line without one.</param>
    /// <param name="setting">A setting that such recipes have, for the help.</param>
    /// <param name="otherRecipe">Another way to name the recipe; null for none.</param>
    /// <param name="newRunOnly">Further options that only a new run takes; null for none.</param>
    public static RunArguments AddTo(Command command, string example, string setting, Option<string?>? otherRecipe = null, IReadOnlyList<Option>? newRunOnly = null)
    {
        var arguments = new RunArguments(setting, otherRecipe);
        Option[] ofNewRuns = [arguments.Run, arguments.Set, arguments.Overwrite, .. newRunOnly ?? []];
        command.Add(arguments.Recipe);
        IEnumerable<Option?> shown = [otherRecipe, arguments.Run, arguments.Resume, arguments.Overwrite, .. newRunOnly ?? [], arguments.Set];
        foreach (var option in shown.OfType<Option>())
        {
            command.Add(option);
        }
        command.Validators.Add(result =>
        {
            string?[] named = [result.GetValue(arguments.Recipe), otherRecipe is null ? null : result.GetValue(otherRecipe), result.GetValue(arguments.Resume)];
            if (named.Count(name => name is not null) != 1)
            {
                result.AddError($"Name a recipe (rlhf {command.Name} recipes/{example}.yaml) or a run to go on with (rlhf {command.Name} --resume runs/{example}).");
            }
            else if (result.GetValue(arguments.Resume) is not null && ofNewRuns.Any(option => result.GetResult(option) is { Implicit: false }))
            {
                var names = ofNewRuns.Select(option => option.Name).ToArray();
                result.AddError($"--resume goes on with a run as it is; it takes no recipe, {string.Join(", ", names[..^1])} or {names[^1]}.");
            }
        });
        return arguments;
    }

    /// <summary>Gets the recipe that the command line names; there is one unless a run is gone on with.</summary>
    public string RecipePath(CommandContext context) => (context.Value(Recipe) ?? (_otherRecipe is null ? null : context.Value(_otherRecipe)))!;
}
