using RlhfSharp.Experiments.PinkElephants;
using RlhfSharp.Models.Runtime;
using RlhfSharp.Models.Tokenization;
using RlhfSharp.Training.Data;
using RlhfSharp.Training.Rollouts;

namespace RlhfSharp.Experiments.IteratedRlhf;

/// <summary>The prompts of an experiment: those to label and to train on, and those held out.</summary>
/// <param name="Training">To label and to train on.</param>
/// <param name="HeldOut">To measure on.</param>
/// <param name="Groups">By prompt, what it is about: prompts about one thing are alike, so intervals are drawn over things.</param>
/// <param name="Format">Writes dialogues out for the policy.</param>
/// <param name="Tokenizer">The policy's.</param>
internal sealed record PromptSet(
    IReadOnlyList<RolloutPrompt> Training, IReadOnlyList<RolloutPrompt> HeldOut, IReadOnlyDictionary<string, string> Groups, IChatFormat Format, Tokenizer Tokenizer)
{
    private const int FewestThings = 4;   // two in each half: an interval needs as many

    /// <summary>Gets all prompts by their ids.</summary>
    public IReadOnlyDictionary<string, RolloutPrompt> ById { get; } = Training.Concat(HeldOut).ToDictionary(prompt => prompt.Id, StringComparer.Ordinal);

    /// <summary>Reads the prompts that a recipe asks for.</summary>
    /// <exception cref="InputException">The data has none, or too few of them.</exception>
    public static PromptSet Read(IterationRecipe recipe, Tokenizer tokenizer)
    {
        var prompts = recipe.Data is PinkElephantDataOptions elephants
            ? PinkElephants(elephants, recipe.Evaluation, tokenizer)
            : throw new InputException("rlhf iterate takes prompts from data.kind: pink-elephants.");
        return prompts.HeldOut.Count < recipe.Evaluation.Prompts
            ? throw new InputException($"evaluation.prompts is {recipe.Evaluation.Prompts}, and {prompts.HeldOut.Count} prompts are held out.")
            : prompts.HeldOut.Select(prompt => prompts.Groups[prompt.Id]).Distinct().Count() is var things && things < FewestThings
            ? throw new InputException(
                $"The held-out prompts are about {things} pair(s) of things; at least {FewestThings} are needed, for peaks are located on one half of them and measured on the other. Raise evaluation.prompts.")
            : prompts.Training.Count < recipe.Labels.PerBatch
            ? throw new InputException($"labels.perBatch is {recipe.Labels.PerBatch}, and the data has {prompts.Training.Count} prompts.")
            : prompts;
    }

    private static PromptSet PinkElephants(PinkElephantDataOptions options, IterationEvaluationOptions heldOut, Tokenizer tokenizer)
    {
        var set = PinkElephantData.Set(options);
        var (training, evaluation) = (DialogueSet.Some(set.Training, options.Dialogues), DialogueSet.Some(heldOut.From == HeldOutPart.Validation ? set.Validation : set.Evaluation, heldOut.Prompts));
        var format = ChatFormats.Get(options.Format);
        var writer = new DialoguePrompts(tokenizer, format);
        IReadOnlyList<RolloutPrompt> Of(IReadOnlyList<PinkElephantDialogue> dialogues) =>
            [.. dialogues.Select(dialogue => new RolloutPrompt(dialogue.Id, new Passage(dialogue.Prompt), writer.Prompt(dialogue)))];
        return new PromptSet(
            Of(training), Of(evaluation), training.Concat(evaluation).ToDictionary(dialogue => dialogue.Id, dialogue => dialogue.Pair, StringComparer.Ordinal), format, tokenizer);
    }
}
