using System.Text;
using System.Text.Json.Nodes;
using RlhfSharp.Models.Architectures;
using RlhfSharp.Models.Checkpoints;
using RlhfSharp.Models.Generation;
using static TorchSharp.torch;

namespace RlhfSharp.Models.Tests.Generation;

/// <summary>Where samples end, and what of them is text.</summary>
[NoTensorLeak]
public sealed class StopTests
{
    private static readonly ByteTokenizer Tokenizer = new("ab\n\nHum", "an: x", "é");

    [Fact]
    public void Generate_StopStringAcrossPieces_CutsTheTextBeforeIt()
    {
        var sample = Write([Piece("ab\n\nHum"), Piece("an: x"), 'z'], "\n\nHuman:");

        Assert.Equal((FinishReason.Stop, 2, "ab"), (sample.Finish, sample.Tokens.Count, sample.Text));
    }

    [Fact]
    public void Generate_StopStringAsBytes_StopsAtItsLastByte()
    {
        // ü€𝄞 are two, three and four bytes; the text before shares the first byte of the stop string.
        var bytes = Encoding.UTF8.GetBytes("ñü€");

        var sample = Write([.. bytes.Select(value => (int)value), 'z', 'z'], "ü€");

        Assert.Equal((FinishReason.Stop, bytes.Length, "ñ"), (sample.Finish, sample.Tokens.Count, sample.Text));
    }

    [Fact]
    public void Generate_ManyTokensBeforeTheStopString_StillStops()
    {
        var sample = Write([.. Encoding.UTF8.GetBytes("€€€€€€€€€€end.").Select(value => (int)value), 'z'], "end.");

        Assert.Equal((FinishReason.Stop, "€€€€€€€€€€"), (sample.Finish, sample.Text));
    }

    [Fact]
    public void Generate_TwoStopStringsInOnePiece_CutsAtTheFirst()
    {
        var sample = Write([Piece("ab\n\nHum"), 'z'], "Hum", "b\n");

        Assert.Equal((FinishReason.Stop, "a"), (sample.Finish, sample.Text));
    }

    [Fact]
    public void Generate_OverlappingStart_IsNoStop()
    {
        var sample = Write([.. "aab"u8.ToArray().Select(value => (int)value)], "ab");

        Assert.Equal((FinishReason.Stop, "a"), (sample.Finish, sample.Text));
        Assert.Equal(FinishReason.Length, Write(['a', 'a', 'c'], "ab").Finish);
    }

    [Fact]
    public void Generate_EndToken_IsATokenButNoText()
    {
        var sample = Write(['h', 'i', Tokenizer.EosId!.Value, 'z'], []);

        Assert.Equal((FinishReason.Stop, 3, "hi"), (sample.Finish, sample.Tokens.Count, sample.Text));
        Assert.Equal(3, sample.LogProbs.Count);
    }

    [Fact]
    public void Generate_IdBeyondTheTokenizer_HasNoText()
    {
        var sample = Write(['h', Tokenizer.VocabularySize, 'i'], "hi");   // the model's vocabulary is padded

        Assert.Equal((FinishReason.Stop, 3, string.Empty), (sample.Finish, sample.Tokens.Count, sample.Text));
    }

    [Fact]
    public void Generate_LargestLength_EndsWithoutStop()
    {
        var sample = Write(['a', 'b', 'c'], "never");

        Assert.Equal((FinishReason.Length, 3, "abc"), (sample.Finish, sample.Tokens.Count, sample.Text));
    }

    private static int Piece(string piece) => Tokenizer.IdOf(piece)!.Value;

    private static GeneratedSample Write(int[] tokens, params string[] stopStrings)
    {
        using var model = Model();
        var generator = new TextGenerator(model, [Tokenizer.EosId!.Value], Tokenizer);
        return Assert.Single(generator.Generate([[1]], 1, new GenerationOptions { MaxNewTokens = tokens.Length, StopStrings = stopStrings },
            seed: 0, [new Dictation(tokens)]));
    }

    internal static LanguageModel Model()
    {
        var json = new JsonObject
        {
            ["model_type"] = "gpt2",
            ["vocab_size"] = 256,
            ["n_embd"] = 8,
            ["n_layer"] = 1,
            ["n_head"] = 2,
            ["n_positions"] = 64
        };
        return LanguageModel.Create(ArchitectureRegistry.Read(new ConfigFile(json, "test")), seed: 0, ScalarType.Float32, CPU);
    }
}
