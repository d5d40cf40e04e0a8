using System.Globalization;
using RlhfSharp.Experiments.Recipes;
using RlhfSharp.Experiments.Runs;
using RlhfSharp.Models;
using RlhfSharp.Models.Architectures;
using RlhfSharp.Models.Runtime;
using RlhfSharp.Models.Tokenization;
using RlhfSharp.Training.Data;
using RlhfSharp.Training.Objectives;
using RlhfSharp.Training.Rollouts;

namespace RlhfSharp.Experiments.PinkElephants;

/// <summary>Makes the data of a pink-elephant recipe.</summary>
internal static class PinkElephantData
{
    public static PreparedData Prepare(
        PinkElephantDataOptions options, PinkElephantEvaluationOptions evaluation, TrainingRecipe recipe, Tokenizer tokenizer, ModelConfig config)
    {
        var start = recipe.Model.Path
            ?? throw new InputException("data.kind: pink-elephants needs model.path: what a model learnt is seen beside the checkpoint it started from.");
        if (options is { Folder: not null, DialogueSeed: not 0 })
        {
            throw new InputException("data.dialogueSeed is about the built-in dialogues, and data.folder names others. Give one of them.");
        }
        var set = options.Folder is { } folder ? DialogueFiles.ReadFolder(folder) : DialogueSet.Create(options.DialogueSeed);
        var dialogues = DialogueSet.Some(set.Training, options.Dialogues);
        var format = ChatFormats.Get(options.Format);
        var encoder = new DialogueTokenizer(
            tokenizer,
            format,
            new DialogueTokenizerOptions { MaxTokens = config.MaxPositions, AddBos = tokenizer.BosId is not null },
            new BadRows(OnBadRow.Error));
        var rows = recipe.Objective is SupervisedFineTuningOptions ? PinkElephantRows.Chosen(dialogues) : PinkElephantRows.Rewarded(dialogues, options.Reward);
        var train = encoder.TokenizeDialogues(rows);
        var prompts = new DialoguePrompts(tokenizer, format);
        var isDpo = recipe.Objective is DpoOptions;
        return new PreparedData
        {
            Train = isDpo ? [] : Rewards.Prepare(train, recipe.Objective),
            TrainPreferences = isDpo ? encoder.TokenizePairs(PinkElephantRows.Preferences(dialogues)) : [],
            Prompts = recipe.Objective is OnPolicyOptions ? [.. dialogues.Select(dialogue => new RolloutPrompt(dialogue.Id, new Passage(dialogue.Prompt), prompts.Prompt(dialogue)))] : [],
            Original = recipe.Objective is RestOptions ? encoder.TokenizeDialogues(PinkElephantRows.Chosen(dialogues)) : [],
            StopStrings = format.StopStrings,
            TaskReward = part => part is PinkElephantRewardOptions rule ? new PinkElephantReward(dialogues, rule) : null,
            Evaluation = (model, ownTokenizer, seed) => new PinkElephantEvaluation((LanguageModel)model, new DialoguePrompts(ownTokenizer, format), set, evaluation, start, seed),
            Facts =
            [
                new DataFact("Training dialogues", Count(dialogues)),
                new DataFact("Validation dialogues", Count(set.Validation)),
                new DataFact("Evaluation dialogues", Count(DialogueSet.Some(set.Evaluation, evaluation.EvaluationDialogues))),
                new DataFact("Longest row", $"{train.Max(row => row.Tokens.Length)} tokens (limit {config.MaxPositions})"),
            ],
        };
    }

    private static string Count(IReadOnlyList<PinkElephantDialogue> dialogues) => string.Create(
        CultureInfo.InvariantCulture,
        $"{dialogues.Count} about {dialogues.Select(dialogue => dialogue.Pair).Distinct().Count()} pairs of things, {dialogues.Count(dialogue => dialogue.Instruction == InstructionKind.Avoid)} with an instruction");
}
