using System.ComponentModel.DataAnnotations;
using RlhfSharp.Experiments.Recipes;
using RlhfSharp.Training;

namespace RlhfSharp.Experiments.PinkElephants;

/// <summary>Lets the model answer and counts what it mentions; recipe section <c>evaluation</c> with <c>kind: pink-elephants</c>.</summary>
[RecipeKind("pink-elephants")]
public sealed record PinkElephantEvaluationOptions : EvaluationOptions
{
    /// <summary>Gets the strength of steering of the result. Chosen on validation pairs, before the evaluation pairs are looked at.</summary>
    /// <value>0 or more. The default is 16. Without ILQL heads nothing is steered.</value>
    [Range(0.0, double.MaxValue)]
    public double Beta { get; init; } = 16;

    /// <summary>Gets the strengths of steering that are compared on validation pairs at the end.</summary>
    /// <value>The default is 0, 1, 4, 8 and 16.</value>
    public IReadOnlyList<double> Betas { get; init; } = [0, 1, 4, 8, 16];

    /// <summary>Gets the temperature, the same for the start and for the trained model.</summary>
    /// <value>0 or more. The default is 0.7, at which assistants are commonly sampled; the built-in model, small as it is, names a third thing three times
    /// as often at 1.</value>
    [Range(0.0, double.MaxValue)]
    public double Temperature { get; init; } = 0.7;

    /// <summary>Gets how many of the likeliest tokens are kept, the same for the start and for the trained model.</summary>
    /// <value>0 keeps all. The default is 20 (trlX).</value>
    [Range(0, int.MaxValue)]
    public int TopK { get; init; } = 20;

    /// <summary>Gets the largest number of tokens of an answer.</summary>
    /// <value>From 1 up. The default is 80.</value>
    [Range(1, int.MaxValue)]
    public int MaxNewTokens { get; init; } = 80;

    /// <summary>Gets the number of validation dialogues that are answered during training and for each of <see cref="Betas"/>.</summary>
    /// <value>From 10 up. The default is 240.</value>
    [Range(10, int.MaxValue)]
    public int ValidationDialogues { get; init; } = 240;

    /// <summary>Gets the number of evaluation dialogues that are answered at the end.</summary>
    /// <value>0, the default, takes all 1,440, of which 1,080 carry an instruction against the thing.</value>
    [Range(0, int.MaxValue)]
    public int EvaluationDialogues { get; init; }

    /// <summary>Gets the judge, a model trained on good answers and used for nothing else; it measures fluency.</summary>
    /// <value>A checkpoint or a run. Null leaves the judge's perplexity out.</value>
    public string? Judge { get; init; }
}
