using System.Globalization;
using RlhfSharp.Experiments.Baselines;
using RlhfSharp.Experiments.Runs;
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
            Train = Rewards.Prepare([.. train.SelectMany(pair => pair.ToRewarded())], objective),
            Evaluation = (model, _, _) => new PreferenceEvaluation(model, heldOut, evaluation.Baselines ? Baselines(rows, train, heldOut) : new Dictionary<string, IReadOnlyList<double>>(), evaluation),
            Facts =
            [
                new DataFact("Pairs", $"{pairs.Count} of {rows.Count} rows, {pairs.Select(pair => pair.Chosen.Group).Distinct().Count()} different prompts"),
                new DataFact("Rows left out", badRows.Skipped.Count.ToString(CultureInfo.InvariantCulture)),
                new DataFact("Longest row", $"{pairs.Max(pair => Math.Max(pair.Chosen.Tokens.Length, pair.Rejected.Tokens.Length))} tokens (limit {tokenizerOptions.MaxTokens})"),
            ],
        };
    }

    // Judges that read the answers' text alone, trained on the same folds.
    private static Dictionary<string, IReadOnlyList<double>> Baselines(IReadOnlyList<TextRow> rows, IReadOnlyList<TokenizedPair> train, IReadOnlyList<TokenizedPair> heldOut)
    {
        var textOf = rows.OfType<PreferenceRow>().ToDictionary(row => row.Source, row => new AnswerPair(Answer(row.Chosen), Answer(row.Rejected)));
        List<AnswerPair> Texts(IReadOnlyList<TokenizedPair> pairs) => [.. pairs.Select(pair => textOf[pair.Chosen.Source])];
        return new Dictionary<string, IReadOnlyList<double>>
        {
            ["shorter"] = ShorterAnswerWins.Evaluate(Texts(heldOut)),
            ["bag-of-words"] = BagOfWordsPreference.Evaluate(Texts(train), Texts(heldOut), seed: 0),
        };
    }

    private static string Answer(Passage passage) => passage.IsConversational ? passage.Messages[^1].Content : passage.Text;
}
