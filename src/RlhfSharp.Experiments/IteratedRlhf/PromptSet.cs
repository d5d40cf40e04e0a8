using RlhfSharp.Experiments.Dialogues;
using RlhfSharp.Experiments.PinkElephants;
using RlhfSharp.Experiments.Recipes;
using RlhfSharp.Models.Checkpoints;
using RlhfSharp.Models.Runtime;
using RlhfSharp.Models.Tokenization;
using RlhfSharp.Training.Data;
using RlhfSharp.Training.Objectives;
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

    /// <summary>Tells recipes apart that read other prompts.</summary>
    public static (DataOptions Data, string? Model, int PerBatch, IterationEvaluationOptions Evaluation, int MaxNewTokens) Key(IterationRecipe recipe) =>
        (recipe.Data, recipe.Model.Path, recipe.Labels.PerBatch, recipe.Evaluation, recipe.Labels.MaxNewTokens);

    /// <summary>Reads the prompts that a recipe asks for.</summary>
    /// <exception cref="InputException">The data has none, or too few of them.</exception>
    public static PromptSet Read(IterationRecipe recipe, Tokenizer tokenizer)
    {
        var prompts = recipe.Data switch
        {
            PinkElephantDataOptions elephants => PinkElephants(elephants, recipe.Evaluation, tokenizer),
            DialogueDataOptions dialogues => Dialogues(dialogues, recipe, tokenizer),
            _ => throw new InputException("rlhf iterate takes prompts from data.kind: pink-elephants or dialogues."),
        };
        return prompts.HeldOut.Count < recipe.Evaluation.Prompts
            ? throw new InputException($"evaluation.prompts is {recipe.Evaluation.Prompts}, and {prompts.HeldOut.Count} prompts are held out.")
            : prompts.HeldOut.Select(prompt => prompts.Groups[prompt.Id]).Distinct().Count() is var things && things < FewestThings
            ? throw new InputException(
                $"The held-out prompts are about {things} different thing(s); at least {FewestThings} are needed, for peaks are located on one half of them and measured on the other. Raise evaluation.prompts.")
            : prompts.Training.Count < recipe.Labels.PerBatch
            ? throw new InputException($"labels.perBatch is {recipe.Labels.PerBatch}, and the data has {prompts.Training.Count} prompts.")
            : prompts;
    }

    private static PromptSet Dialogues(DialogueDataOptions options, IterationRecipe recipe, Tokenizer tokenizer)
    {
        // Which prompts there are depends on the labels alone, so that rows share them whatever they are improved by.
        if (recipe.Objective is OnPolicyOptions { MaxNewTokens: var sampled } && sampled > recipe.Labels.MaxNewTokens)
        {
            throw new InputException($"objective.maxNewTokens is {sampled}, and prompts leave room for labels.maxNewTokens, {recipe.Labels.MaxNewTokens}. Raise the latter.");
        }
        if (recipe.Evaluation.From == HeldOutPart.Validation)
        {
            throw new InputException("evaluation.from: files have no validation prompts of their own. Choose settings on another fold: data.heldOutFolds.");
        }
        var context = Checkpoint.ReadConfig(IteratedRun.StartPath(recipe)).MaxPositions;
        var files = PromptFiles.Read(options, recipe.Labels.MaxNewTokens, "labels.maxNewTokens", tokenizer, context, options.HeldOutFolds.Count > 0 ? options.HeldOutFolds[0] : 0);
        return files.Training.Concat(files.HeldOut).FirstOrDefault(prompt => !prompt.Prompt.IsConversational) is { } text
            ? throw new InputException($"rlhf iterate takes dialogues, and the prompt '{text.Id}' is bare text: give turns with roles, or data.format's own marks.")
            : new PromptSet(files.Training, [.. files.HeldOut.Take(recipe.Evaluation.Prompts)], files.Groups, files.Format, tokenizer);
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
