using System.CommandLine;
using RlhfSharp.Experiments.IteratedRlhf;
using RlhfSharp.Experiments.Recipes;
using RlhfSharp.Experiments.RewardMaps;

namespace RlhfSharp.Cli.Commands;

/// <summary><c>rlhf schema</c>: the JSON Schema of recipes, for editors.</summary>
internal sealed class SchemaCommand : RlhfCommand
{
    private static readonly Dictionary<string, Type> Recipes = new() { ["train"] = typeof(TrainingRecipe), ["iterate"] = typeof(IterationRecipe), ["map"] = typeof(MapRecipe) };

    private readonly Option<string> _for = new("--for") { Description = "The command whose recipes are meant.", DefaultValueFactory = _ => "train" };

    public SchemaCommand()
        : base("schema", "Print the JSON Schema of recipes; editors complete and check recipes with it.")
    {
        Add(_for);
        _for.AcceptOnlyFromAmong([.. Recipes.Keys]);
    }

    protected override int Run(CommandContext context)
    {
        var schema = RecipeSchema.Create(Recipes[context.Value(_for)!]);
        if (context.Json)
        {
            context.WriteJson(schema);
        }
        else
        {
            context.Output.WriteLine(schema.ToJsonString(new System.Text.Json.JsonSerializerOptions { WriteIndented = true }));
        }
        return ExitCodes.Done;
    }
}
