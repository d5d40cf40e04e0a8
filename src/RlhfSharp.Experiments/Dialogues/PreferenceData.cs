using System.Globalization;
using RlhfSharp.Experiments.Runs;
using RlhfSharp.Models;
using RlhfSharp.Models.Architectures;
using RlhfSharp.Models.Tokenization;
using RlhfSharp.Training.Data;
using RlhfSharp.Training.Objectives;

namespace RlhfSharp.Experiments.Dialogues;

/// <summary>Preference pairs from files: chosen answers earn +1 and rejected ones −1, one fold of prompts is held out.</summary>
internal static class PreferenceData
{
    public static PreparedData Prepare(
        DialogueDataOptions options, PreferenceEvaluationOptions evaluation, ObjectiveOptions objective, Tokenizer tokenizer, ModelConfig config, int fold)
    {
        var badRows = new BadRows(options.OnBadRow);
        var rows = options.Files.SelectMany(file => TextRowReader.Read(file, RowSchema.Auto, badRows)).ToList();
        var tokenizerOptions = new DialogueTokenizerOptions
        {
            MaxTokens = options.MaxTokens > 0 ? options.MaxTokens : config.MaxPositions,
            OnTooLong = options.OnTooLong,
            AddBos = tokenizer.BosId is not null,
        };
        var pairs = new DialogueTokenizer(tokenizer, ChatFormats.Get(options.Format), tokenizerOptions, badRows).TokenizePairs(rows);
        // The folds are those of the data, not of the run: every seed holds out the same prompts.
        var split = DataSplit.OfFold([.. pairs.Select(pair => pair.Chosen.Group)], options.Folds, fold, seed: 0);
        var train = split.Train.Select(index => pairs[index]).ToList();
        var heldOut = split.HeldOut.Select(index => pairs[index]).ToList();
        return new PreparedData
        {
            Train = objective is DpoOptions ? [] : Rewards.Prepare([.. train.SelectMany(pair => pair.ToRewarded())], objective),
            TrainPreferences = objective is DpoOptions ? train : [],
            Evaluation = (model, _, _) => objective switch
            {
                DpoOptions dpo => new ImplicitRewardEvaluation((LanguageModel)model, heldOut, Judges(), "dpo", dpo.Beta, evaluation),
                KtoOptions kto => new ImplicitRewardEvaluation((LanguageModel)model, heldOut, Judges(), "kto", kto.Beta, evaluation),
                _ => new PreferenceEvaluation((LanguageModel)model, heldOut, Judges(), evaluation),
            },
            Facts =
            [
                new DataFact("Pairs", $"{pairs.Count} of {rows.Count} rows, {pairs.Select(pair => pair.Chosen.Group).Distinct().Count()} different prompts"),
                new DataFact("Rows left out", badRows.Skipped.Count.ToString(CultureInfo.InvariantCulture)),
                new DataFact("Longest row", $"{pairs.Max(pair => Math.Max(pair.Chosen.Tokens.Length, pair.Rejected.Tokens.Length))} tokens (limit {tokenizerOptions.MaxTokens})"),
            ],
        };

        SimpleJudges Judges() => evaluation.Baselines
            ? SimpleJudges.Of(rows, train.Select(pair => pair.Chosen.Source), heldOut.Select(pair => pair.Chosen.Source))
            : SimpleJudges.None;
    }
}
