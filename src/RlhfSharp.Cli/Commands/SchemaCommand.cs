using RlhfSharp.Experiments.Recipes;

namespace RlhfSharp.Cli.Commands;

/// <summary><c>rlhf schema</c>: the JSON Schema of recipes, for editors.</summary>
internal sealed class SchemaCommand : RlhfCommand
{
    public SchemaCommand()
        : base("schema", "Print the JSON Schema of training recipes; editors complete and check recipes with it.")
    {
    }

    protected override int Run(CommandContext context)
    {
        var schema = RecipeSchema.Create(typeof(TrainingRecipe));
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
