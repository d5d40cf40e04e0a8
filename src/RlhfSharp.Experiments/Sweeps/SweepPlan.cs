using RlhfSharp.Experiments.Recipes;
using RlhfSharp.Experiments.Runs;
using RlhfSharp.Models.Runtime;

namespace RlhfSharp.Experiments.Sweeps;

/// <summary>The trials of a sweep and how long they train.</summary>
public sealed class SweepPlan
{
    private SweepPlan(TrainingRecipe recipe, IReadOnlyList<SweepTrial> trials) =>
        (Recipe, Sweep, Trials, Rungs) = (recipe, recipe.Sweep!, trials, SweepRung.Of(recipe.Sweep!, recipe.Loop.MaxSteps));

    /// <summary>Gets the recipe with its section <c>sweep</c>.</summary>
    public TrainingRecipe Recipe { get; }

    /// <summary>Gets the section <c>sweep</c>.</summary>
    public SweepOptions Sweep { get; }

    /// <summary>Gets the trials, by index.</summary>
    public IReadOnlyList<SweepTrial> Trials { get; }

    /// <summary>Gets the stretches of the sweep.</summary>
    public IReadOnlyList<SweepRung> Rungs { get; }

    /// <summary>Draws all trials.</summary>
    /// <param name="recipe">A recipe with a section <c>sweep</c>.</param>
    /// <returns>The plan; settings that do not go together make a trial without a recipe.</returns>
    public static SweepPlan Of(TrainingRecipe recipe)
    {
        ArgumentNullException.ThrowIfNull(recipe);
        var template = new RecipeTemplate<TrainingRecipe>(recipe with { Sweep = null });
        return new SweepPlan(recipe, [.. Enumerable.Range(0, SweepDraw.Count(recipe.Sweep!)).Select(index => Trial(recipe.Sweep!, template, index))]);
    }

    /// <summary>Reads the plan of a recipe and checks each setting that is searched by itself.</summary>
    /// <param name="source">The recipe.</param>
    /// <param name="overrides">Settings on top of it.</param>
    /// <returns>The plan.</returns>
    /// <exception cref="InputException">The recipe has mistakes or no section <c>sweep</c>, or a setting that is searched is unknown or cannot have one of its values.</exception>
    public static SweepPlan Read(RecipeSource source, IReadOnlyList<string> overrides)
    {
        ArgumentNullException.ThrowIfNull(source);
        var recipe = RecipeVariants.Parse<TrainingRecipe>(source.Text, source.Name, overrides)[0].Recipe;
        if (recipe.Sweep is null)
        {
            throw new InputException($"{source.Name} has no section 'sweep', which says what is searched. Run the recipe alone by: rlhf train {source.Name}");
        }
        var template = new RecipeTemplate<TrainingRecipe>(recipe with { Sweep = null });
        var errors = new List<string>();
        foreach (var (key, parameter) in recipe.Sweep.Parameters)
        {
            foreach (var value in SweepDraw.Extremes(parameter))
            {
                try
                {
                    _ = template.Bind([$"{key}={value}"]);
                }
                catch (RecipeException exception)
                {
                    errors.AddRange(exception.Errors.Select(error => $"{source.Name}: sweep.parameters: {error.Replace("--set ", string.Empty, StringComparison.Ordinal)}"));
                }
            }
        }
        return errors.Count == 0 ? Of(recipe) : throw new RecipeException([.. errors.Distinct()]);
    }

    /// <summary>Lists the training runs of all trials: for each seed, for each held-out fold.</summary>
    /// <param name="directory">The sweep's folder.</param>
    public IReadOnlyList<ExperimentMember> Members(string directory) => ExperimentPlan.Members(
        [.. Trials.Where(trial => trial.Recipe is not null).Select(trial => (trial.Name, trial.Recipe!))], trial => Path.Combine(directory, trial));

    private static SweepTrial Trial(SweepOptions sweep, RecipeTemplate<TrainingRecipe> template, int index)
    {
        var settings = SweepDraw.Settings(sweep, index);
        try
        {
            return new SweepTrial(index, settings, template.Bind([.. settings.Select(setting => $"{setting.Key}={setting.Value}")]), null);
        }
        catch (RecipeException exception)
        {
            return new SweepTrial(index, settings, null, exception.Message);
        }
    }
}
