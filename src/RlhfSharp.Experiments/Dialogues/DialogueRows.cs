using System.Globalization;
using RlhfSharp.Experiments.Runs;
using RlhfSharp.Models;
using RlhfSharp.Models.Architectures;
using RlhfSharp.Models.Tokenization;
using RlhfSharp.Training.Data;
using RlhfSharp.Training.Objectives;

namespace RlhfSharp.Experiments.Dialogues;

/// <summary>Answers from files, of any kind of row that holds answers; one fold of prompts is held out to measure the loss.</summary>
internal static class DialogueRows
{
    public static PreparedData Prepare(DialogueDataOptions options, ObjectiveOptions objective, Tokenizer tokenizer, ModelConfig config, int fold)
    {
        var badRows = new BadRows(options.OnBadRow);
        var rows = options.Files.SelectMany(file => TextRowReader.Read(file, RowSchema.Auto, badRows)).ToList();
        var limit = options.MaxTokens > 0 ? options.MaxTokens : config.MaxPositions;
        var dialogueTokenizer = new DialogueTokenizer(
            tokenizer,
            ChatFormats.Get(options.Format),
            new DialogueTokenizerOptions { MaxTokens = limit, OnTooLong = options.OnTooLong, AddBos = tokenizer.BosId is not null },
            badRows);
        var dialogues = dialogueTokenizer.TokenizeDialogues(rows).ToList();
        if (objective is SupervisedFineTuningOptions)
        {
            // A model is not to imitate rejected answers; where rewards count they are what it learns from.
            var rejected = Rejected(rows).ToHashSet();
            dialogues.RemoveAll(dialogue => rejected.Contains(dialogue.Id));
        }
        var split = DataSplit.OfFold([.. dialogues.Select(dialogue => dialogue.Group)], options.Folds, fold, seed: 0);
        var train = split.Train.Select(index => dialogues[index]).ToList();
        var heldOut = split.HeldOut.Select(index => dialogues[index]).ToList();
        return new PreparedData
        {
            Train = Rewards.Prepare(train, objective),
            Evaluation = (model, _, _) => new LossEvaluation((LanguageModel)model, heldOut),
            Facts =
            [
                new DataFact("Answers", $"{dialogues.Count} from {rows.Count} rows, {dialogues.Select(dialogue => dialogue.Group).Distinct().Count()} different prompts"),
                new DataFact("Rows left out", badRows.Skipped.Count.ToString(CultureInfo.InvariantCulture)),
                new DataFact("Longest row", $"{dialogues.Max(dialogue => dialogue.Tokens.Length)} tokens (limit {limit})"),
            ],
        };
    }

    private static IEnumerable<string> Rejected(IEnumerable<TextRow> rows) =>
        rows.Select(row => row switch
        {
            PreferenceRow => $"{row.Id}/rejected",
            UnpairedPreferenceRow { IsDesirable: false } => row.Id,
            _ => null,
        }).OfType<string>();
}
