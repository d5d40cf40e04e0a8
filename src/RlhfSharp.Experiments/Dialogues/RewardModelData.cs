using System.Globalization;
using RlhfSharp.Experiments.Runs;
using RlhfSharp.Models;
using RlhfSharp.Models.Architectures;
using RlhfSharp.Models.Tokenization;
using RlhfSharp.Training.Data;
using RlhfSharp.Training.Objectives;
using RlhfSharp.Training.Rewards;

namespace RlhfSharp.Experiments.Dialogues;

/// <summary>Preferences for a reward model, held out by prompt.</summary>
internal static class RewardModelData
{
    /// <summary>Reads, encodes and splits.</summary>
    public static PreparedData Prepare(DialogueDataOptions options, PreferenceEvaluationOptions evaluation, Tokenizer tokenizer, ModelConfig config, int fold)
    {
        var badRows = new BadRows(options.OnBadRow);
        var rows = options.Files.SelectMany(file => TextRowReader.Read(file, RowSchema.Auto, badRows)).ToList();
        var limit = options.MaxTokens > 0 ? Math.Min(options.MaxTokens, config.MaxPositions) : config.MaxPositions;
        var format = RewardFormat.Choose(config, tokenizer, options.Format, limit);
        var pairs = RewardPairReader.Encode(rows, format, limit, options.OnTooLong, badRows);
        var split = DataSplit.OfFold([.. pairs.Select(pair => pair.Group)], options.Folds, fold, seed: 0);
        var train = split.Train.Select(index => pairs[index]).ToList();
        var heldOut = split.HeldOut.Select(index => pairs[index]).ToList();
        return new PreparedData
        {
            TrainPairs = train,
            Evaluation = (model, _, _) => new RewardModelEvaluation(
                (SequenceClassifier)model,
                heldOut,
                evaluation.Baselines ? SimpleJudges.Of(rows, train.Select(pair => pair.Source), heldOut.Select(pair => pair.Source)) : SimpleJudges.None,
                evaluation),
            Facts =
            [
                new DataFact("Pairs", $"{pairs.Count} of {rows.Count} rows, {pairs.Select(pair => pair.Group).Distinct().Count()} different prompts"),
                new DataFact("Rows left out", badRows.Skipped.Count.ToString(CultureInfo.InvariantCulture)),
                new DataFact("Longest side", $"{pairs.Max(pair => Math.Max(pair.Chosen.Count, pair.Rejected.Count))} tokens (limit {limit})"),
                new DataFact("Format", format.Name),
            ],
        };
    }
}
