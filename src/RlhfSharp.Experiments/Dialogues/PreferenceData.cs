using System.Globalization;
using RlhfSharp.Experiments.Baselines;
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
        var folds = Folds.Assign([.. pairs.Select(pair => pair.Chosen.Group)], options.Folds, seed: 0);
        var train = pairs.Where((_, i) => folds[i] != fold).ToList();
        var heldOut = pairs.Where((_, i) => folds[i] == fold).ToList();
        return new PreparedData
        {
            Train = objective is DpoOptions ? [] : Rewards.Prepare([.. train.SelectMany(pair => pair.ToRewarded())], objective),
            TrainPreferences = objective is DpoOptions ? train : [],
            Evaluation = (model, _, _) => objective is DpoOptions dpo
                ? new DpoEvaluation((LanguageModel)model, heldOut, Judges(), dpo, evaluation)
                : new PreferenceEvaluation((LanguageModel)model, heldOut, Judges(), evaluation),
            Facts =
            [
                new DataFact("Pairs", $"{pairs.Count} of {rows.Count} rows, {pairs.Select(pair => pair.Chosen.Group).Distinct().Count()} different prompts"),
                new DataFact("Rows left out", badRows.Skipped.Count.ToString(CultureInfo.InvariantCulture)),
                new DataFact("Longest row", $"{pairs.Max(pair => Math.Max(pair.Chosen.Tokens.Length, pair.Rejected.Tokens.Length))} tokens (limit {tokenizerOptions.MaxTokens})"),
            ],
        };

        IReadOnlyDictionary<string, IReadOnlyList<double>> Judges() => evaluation.Baselines
            ? Baselines(rows, train.Select(pair => pair.Chosen.Source), heldOut.Select(pair => pair.Chosen.Source))
            : new Dictionary<string, IReadOnlyList<double>>();
    }

    /// <summary>Picks of judges that read the answers' text alone, trained on the same folds.</summary>
    /// <param name="rows">All rows.</param>
    /// <param name="train">Where the pairs to train on stand.</param>
    /// <param name="heldOut">Where those stand that are held out.</param>
    internal static Dictionary<string, IReadOnlyList<double>> Baselines(IReadOnlyList<TextRow> rows, IEnumerable<RowSource> train, IEnumerable<RowSource> heldOut)
    {
        var textOf = rows.OfType<PreferenceRow>().ToDictionary(row => row.Source, row => new AnswerPair(Answer(row.Chosen), Answer(row.Rejected)));
        List<AnswerPair> Texts(IEnumerable<RowSource> sources) => [.. sources.Select(source => textOf[source])];
        var held = Texts(heldOut);
        return new Dictionary<string, IReadOnlyList<double>>
        {
            ["shorter"] = ShorterAnswerWins.Evaluate(held),
            ["bag-of-words"] = BagOfWordsPreference.Evaluate(Texts(train), held, seed: 0),
        };
    }

    private static string Answer(Passage passage) => passage.IsConversational ? passage.Messages[^1].Content : passage.Text;
}
