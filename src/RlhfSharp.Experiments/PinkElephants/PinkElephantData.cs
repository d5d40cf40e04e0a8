using System.Globalization;
using RlhfSharp.Experiments.Dialogues;
using RlhfSharp.Experiments.Recipes;
using RlhfSharp.Experiments.Runs;
using RlhfSharp.Models;
using RlhfSharp.Models.Architectures;
using RlhfSharp.Models.Generation;
using RlhfSharp.Models.Runtime;
using RlhfSharp.Models.Tokenization;
using RlhfSharp.Training.Data;
using RlhfSharp.Training.Objectives;
using RlhfSharp.Training.Rewards;
using RlhfSharp.Training.Rollouts;

namespace RlhfSharp.Experiments.PinkElephants;

/// <summary>Makes the data of a pink-elephant recipe.</summary>
internal static class PinkElephantData
{
    /// <param name="options">The recipe's section <c>data</c>.</param>
    /// <param name="evaluation">Its section <c>evaluation</c>.</param>
    /// <param name="recipe">The recipe.</param>
    /// <param name="tokenizer">The model's tokenizer.</param>
    /// <param name="config">The model's configuration.</param>
    /// <param name="directory">The experiment's folder, for answers that were sampled; null before there is one: then the written answers stand for them.</param>
    public static PreparedData Prepare(
        PinkElephantDataOptions options, PinkElephantEvaluationOptions evaluation, TrainingRecipe recipe, Tokenizer tokenizer, ModelConfig config, string? directory)
    {
        var start = recipe.Model.Path
            ?? throw new InputException("data.kind: pink-elephants needs model.path: what a model learnt is seen beside the checkpoint it started from.");
        var set = Set(options);
        var dialogues = DialogueSet.Some(set.Training, options.Dialogues);
        var format = ChatFormats.Get(options.Format);
        var encoder = new DialogueTokenizer(
            tokenizer,
            format,
            new DialogueTokenizerOptions { MaxTokens = config.MaxPositions, AddBos = tokenizer.BosId is not null },
            new BadRows(OnBadRow.Error));
        var answers = Labelled(options, dialogues, directory);
        var rows = recipe.Objective is SupervisedFineTuningOptions ? PinkElephantRows.Good(answers) : PinkElephantRows.Rewarded(answers, options.Reward);
        var train = encoder.TokenizeDialogues(rows);
        var prompts = new DialoguePrompts(tokenizer, format);
        var isDpo = recipe.Objective is DpoOptions;
        return new PreparedData
        {
            Train = isDpo ? [] : Rewards.Prepare(train, recipe.Objective),
            Answers = recipe is { Objective: IlqlOptions, Rewards.Count: > 0 } ? [.. answers.Select(Judged)] : [],
            TrainPreferences = isDpo ? encoder.TokenizePairs(PinkElephantRows.Preferences(answers)) : [],
            Prompts = recipe.Objective is OnPolicyOptions ? [.. dialogues.Select(dialogue => new RolloutPrompt(dialogue.Id, new Passage(dialogue.Prompt), prompts.Prompt(dialogue)))] : [],
            Original = recipe.Objective is RestOptions ? encoder.TokenizeDialogues(PinkElephantRows.Good(answers)) : [],
            StopStrings = format.StopStrings,
            TaskReward = (part, device) => part switch
            {
                PinkElephantRewardOptions rule => new PinkElephantReward(
                    recipe.Objective is BestOfNOptions ? [.. set.Training, .. set.Validation, .. set.Evaluation] : dialogues, rule),
                FluencyRewardOptions fluency => new FluencyReward(
                    AnswerReader.Load(fluency.Path ?? start, format, recipe.Model.Type.Resolve(device), device), fluency.Floor),
                _ => null,
            },
            BestOfN = (model, ownTokenizer, seed, best) =>
                new PinkElephantEvaluation(model, new DialoguePrompts(ownTokenizer, format), set, evaluation, start, seed, best),
            Evaluation = (model, ownTokenizer, seed) => new PinkElephantEvaluation((LanguageModel)model, new DialoguePrompts(ownTokenizer, format), set, evaluation, start, seed),
            Facts =
            [
                new DataFact("Training dialogues", Count(dialogues)),
                .. Sampled(options, answers, directory),
                new DataFact("Validation dialogues", Count(set.Validation)),
                new DataFact("Evaluation dialogues", Count(DialogueSet.Some(set.Evaluation, evaluation.EvaluationDialogues))),
                new DataFact("Longest row", $"{train.Max(row => row.Tokens.Length)} tokens (limit {config.MaxPositions})"),
            ],
        };
    }

    /// <summary>Makes the preferences a reward model learns from; it is measured on those of the validation pairs of things.</summary>
    public static PreparedData PrepareRewardModel(
        PinkElephantDataOptions options, PreferenceEvaluationOptions evaluation, Tokenizer tokenizer, ModelConfig config, string? directory)
    {
        var set = Set(options);
        var dialogues = DialogueSet.Some(set.Training, options.Dialogues);
        var format = RewardFormat.Choose(config, tokenizer, RewardFormatName(options, config));
        var answers = Labelled(options, dialogues, directory);
        List<TextRow> training = [.. PinkElephantRows.Preferences(answers)];
        List<TextRow> heldOut = [.. PinkElephantRows.Preferences(LabelledAnswer.Written(set.Validation))];
        IReadOnlyList<RewardPair> Encode(IReadOnlyList<TextRow> rows) =>
            RewardPairReader.Encode(rows, format, config.MaxPositions, OnTooLong.Error, new BadRows(OnBadRow.Error));
        var train = Encode(training);
        var pairs = Encode(heldOut);
        return new PreparedData
        {
            TrainPairs = train,
            Evaluation = (model, _, _) => new RewardModelEvaluation((SequenceClassifier)model, pairs, SimpleJudges.None, evaluation),
            Facts = [new DataFact("Training dialogues", Count(dialogues)), .. Sampled(options, answers, directory), new DataFact("Held-out dialogues", Count(set.Validation)), new DataFact("Format", format.Name)],
        };
    }

    /// <summary>Names the format that a reward model reads: the dialogues', or an encoder's own.</summary>
    public static string RewardFormatName(PinkElephantDataOptions options, ModelConfig config) => config.IsEncoder ? RewardFormat.Pair : options.Format;

    private static IReadOnlyList<LabelledAnswer> Labelled(PinkElephantDataOptions options, IReadOnlyList<PinkElephantDialogue> dialogues, string? directory) =>
        options.Answers == AnswerSource.Sampled && directory is not null
            ? SampledAnswers.Read(directory, dialogues, options.SamplesPerDialogue)
            : LabelledAnswer.Written(dialogues);

    // As rewards read them.
    private static (RolloutPrompt Prompt, GeneratedSample Sample) Judged(LabelledAnswer answer, int index) =>
        (new RolloutPrompt(answer.Dialogue.Id, new Passage(answer.Dialogue.Prompt), []), new GeneratedSample(0, index, [], [], [], FinishReason.Stop, answer.Text));

    private static IEnumerable<DataFact> Sampled(PinkElephantDataOptions options, IReadOnlyList<LabelledAnswer> answers, string? directory)
    {
        if (options.Answers == AnswerSource.Sampled)
        {
            yield return new DataFact("Answers to train on", directory is null
                ? $"{options.SamplesPerDialogue} samples of the start per dialogue, drawn before the first step; until then the written ones stand for them"
                : string.Create(CultureInfo.InvariantCulture, $"{answers.Count:#,0} samples of the start, {answers.Count(answer => answer.IsGood):#,0} of them good"));
        }
    }

    /// <summary>Makes or reads the dialogues that a recipe asks for.</summary>
    /// <exception cref="InputException">The folder cannot be read, or a part of it has no dialogue of the kind.</exception>
    public static DialogueSet Set(PinkElephantDataOptions options)
    {
        var set = All(options);
        if (options.Kinds == DialogueKinds.All)
        {
            return set;
        }
        IReadOnlyList<PinkElephantDialogue> Of(IReadOnlyList<PinkElephantDialogue> dialogues, string part) =>
            dialogues.Where(dialogue => dialogue.Instruction == InstructionKind.Avoid == (options.Kinds == DialogueKinds.Forbidding)).ToList() is { Count: > 0 } some
                ? some
                : throw new InputException($"data.kinds: of the {dialogues.Count} {part} dialogues none is of this kind.");
        return new DialogueSet(Of(set.Training, "training"), Of(set.Validation, "validation"), Of(set.Evaluation, "evaluation"));
    }

    private static DialogueSet All(PinkElephantDataOptions options) => options switch
    {
        { Folder: not null, DialogueSeed: not 0 } => throw new InputException(
            "data.dialogueSeed is about the built-in dialogues, and data.folder names others. Give one of them."),
        { Folder: { } folder } => DialogueFiles.ReadFolder(folder),
        _ => DialogueSet.Create(options.DialogueSeed),
    };

    private static string Count(IReadOnlyList<PinkElephantDialogue> dialogues) => string.Create(
        CultureInfo.InvariantCulture,
        $"{dialogues.Count} about {dialogues.Select(dialogue => dialogue.Pair).Distinct().Count()} pairs of things, {dialogues.Count(dialogue => dialogue.Instruction == InstructionKind.Avoid)} with an instruction");
}
