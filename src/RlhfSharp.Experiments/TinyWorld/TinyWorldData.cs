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
    private static readonly IChatFormat Format = new HumanAssistantFormat();

    private const string EndOfText = "<|endoftext|>";   // begins a text as well, as in GPT-2
    private const int TokenizerTexts = 10_000;   // they hold every word of the world many times

    /// <summary>Learns the tokenizer. A thing's name is one token: the model is to learn what is said about names, not to spell them.</summary>
    public static Tokenizer CreateTokenizer(TinyWorldDataOptions options)
    {
        var texts = TextWorld.Of(options.World);
        return new ByteLevelBpeTrainer
        {
            VocabularySize = options.VocabularySize,
            EosToken = EndOfText,
            BosToken = EndOfText,
            PadToken = EndOfText,
            AddedTokens = [.. texts.Names.Select(name => $" {name}")],
        }.Train(Enumerable.Range(0, TokenizerTexts).Select(index => Text(texts.Write(options.WorldSeed, index, TokenizerTexts))));
    }

    /// <summary>Writes and tokenises the texts.</summary>
    public static PreparedData Prepare(TinyWorldDataOptions options, Tokenizer tokenizer, ModelConfig config)
    {
        var encoder = new DialogueTokenizer(
            tokenizer, Format, new DialogueTokenizerOptions { MaxTokens = config.MaxPositions, AddBos = true }, new BadRows(OnBadRow.Error));
        var texts = TextWorld.Of(options.World);
        var heldOut = encoder.TokenizeDialogues(Enumerable.Range(0, options.HeldOutTexts).Select(index => Row("held-out", index, texts.WriteHeldOut(options.WorldSeed, index))));
        var train = encoder.TokenizeDialogues(Enumerable.Range(0, options.Texts).Select(index => Row("tiny-world", index, texts.Write(options.WorldSeed, index, options.Texts))));
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

    private static LanguageModelingRow Row(string name, int index, IReadOnlyList<ChatMessage> messages)
    {
        var source = new RowSource(name, index + 1);
        return new LanguageModelingRow(source.ToString(), source, new Passage(messages));
    }

    private static string Text(IReadOnlyList<ChatMessage> messages) => string.Concat(Format.Render(messages).Select(segment => segment.Text));
}
