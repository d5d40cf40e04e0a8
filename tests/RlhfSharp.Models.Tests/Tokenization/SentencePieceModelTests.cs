using CsCheck;
using RlhfSharp.Models.Runtime;
using RlhfSharp.Models.Tokenization;

namespace RlhfSharp.Models.Tests.Tokenization;

public sealed class SentencePieceModelTests
{
    [Fact]
    public void Read_EveryTruncation_IsReadOrAnErrorThatNamesTheFile()
    {
        var bytes = new SentencePieceFile().Add("▁a", -1).ToBytes();
        for (var length = 0; length < bytes.Length; length++)
        {
            AssertReadOrRefused(bytes[..length]);
        }
    }

    [Fact]
    public void Read_GeneratedDamage_IsReadOrAnErrorThatNamesTheFile()
    {
        var bytes = new SentencePieceFile().Add("▁a", -1).ToBytes();
        Gen.Select(Gen.Int[0, bytes.Length - 1], Gen.Byte).Array[1, 5].Sample(changes =>
        {
            var damaged = bytes.ToArray();
            foreach (var (at, value) in changes)
            {
                damaged[at] = value;
            }
            AssertReadOrRefused(damaged);
        }, iter: 2000, threads: 1);
    }

    [Fact]
    public void Read_TruncatedRealModel_IsAnError()
    {
        var bytes = File.ReadAllBytes(TestFiles.SharedData("mistral-tokenizer", "tokenizer.model.v1"));
        Assert.Contains("damaged", Refusal(bytes[..(bytes.Length / 2)]), StringComparison.Ordinal);
    }

    [Fact]
    public void Read_WhatIsNotImplemented_IsAnErrorThatNamesIt()
    {
        Assert.Contains("Char", Refusal((new SentencePieceFile() with { ModelType = 4 }).ToBytes()), StringComparison.Ordinal);
        Assert.Contains("nmt_nfkc", Refusal((new SentencePieceFile() with { HasCharacterMap = true }).ToBytes()), StringComparison.Ordinal);
        Assert.Contains("'never'", Refusal(new SentencePieceFile().Add("never", 0, (SentencePieceKind)9).ToBytes()), StringComparison.Ordinal);
        Assert.Contains("'a' twice", Refusal(new SentencePieceFile().Add("a", -1).Add("a", -2).ToBytes()), StringComparison.Ordinal);
    }

    private static string Refusal(byte[] bytes) => Assert.Throws<InputException>(() => SentencePieceModel.Read(bytes, "tokenizer.model")).Message;

    private static void AssertReadOrRefused(byte[] bytes)
    {
        var files = new TokenizerFiles("a folder");
        files.Add(TokenizerFiles.SentencePiece, bytes);
        try
        {
            var tokenizer = TokenizerLoader.Create(files);
            _ = tokenizer.Decode(tokenizer.Encode("a b<s>ä"));
        }
        catch (InputException exception)
        {
            Assert.Contains("tokenizer.model", exception.Message, StringComparison.Ordinal);
        }
    }
}
