using System.Globalization;
using RlhfSharp.Experiments.Dialogues;
using RlhfSharp.Experiments.Runs;
using RlhfSharp.Models;
using RlhfSharp.Models.Architectures;
using RlhfSharp.Models.Tokenization;
using RlhfSharp.Training.Data;

namespace RlhfSharp.Experiments.TinyWorld;

/// <summary>Texts of the built-in world as training rows, and the tokenizer that is learnt from them.</summary>
internal static class TinyWorldData
{
    private const string EndOfText = "<|endoftext|>";   // begins a text as well, as in GPT-2
    private const int TokenizerTexts = 30_000;   // at most: they hold every word of the world many times

    /// <summary>Learns the tokenizer.</summary>
    public static Tokenizer CreateTokenizer(TinyWorldDataOptions options) =>
        new ByteLevelBpeTrainer { VocabularySize = options.VocabularySize, EosToken = EndOfText, BosToken = EndOfText, PadToken = EndOfText }
            .Train(Enumerable.Range(0, Math.Min(TokenizerTexts, options.Texts)).Select(index => DialogueWorld.Write(options.WorldSeed, index)));

    /// <summary>Writes and tokenises the texts.</summary>
    public static PreparedData Prepare(TinyWorldDataOptions options, Tokenizer tokenizer, ModelConfig config)
    {
        var encoder = new DialogueTokenizer(
            tokenizer, null, new DialogueTokenizerOptions { MaxTokens = config.MaxPositions, AddBos = true }, new BadRows(OnBadRow.Error));
        var heldOut = encoder.TokenizeDialogues(Enumerable.Range(0, options.HeldOutTexts).Select(index => Row(options, index)));
        var train = encoder.TokenizeDialogues(Enumerable.Range(options.HeldOutTexts, options.Texts).Select(index => Row(options, index)));
        return new PreparedData
        {
            Train = train,
            Evaluation = (model, _, _) => new LossEvaluation((LanguageModel)model, heldOut),
            Facts =
            [
                new DataFact("Texts", string.Create(CultureInfo.InvariantCulture, $"{train.Count}, {train.Sum(row => (long)row.Tokens.Length)} tokens")),
                new DataFact("Longest text", $"{train.Max(row => row.Tokens.Length)} tokens"),
            ],
        };
    }

    private static LanguageModelingRow Row(TinyWorldDataOptions options, int index)
    {
        var source = new RowSource("tiny-world", index + 1);
        return new LanguageModelingRow(source.ToString(), source, new Passage(DialogueWorld.Write(options.WorldSeed, index)));
    }
}
