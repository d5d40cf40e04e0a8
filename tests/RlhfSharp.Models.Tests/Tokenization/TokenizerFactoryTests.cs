using RlhfSharp.Models.Runtime;
using RlhfSharp.Models.Tokenization;

namespace RlhfSharp.Models.Tests.Tokenization;

public sealed class TokenizerFactoryTests
{
    private static Tokenizer RandomWalks => TokenizerFactory.FromCharacters("abcdefghijklmnopqrstu", "<end>", "<pad>");

    [Fact]
    public void FromCharacters_RandomWalks_HasExactlyTheBenchmarksIds()
    {
        var tokenizer = RandomWalks;
        Assert.Equal([.. Enumerable.Range(0, 21), 21, 22], tokenizer.Encode("abcdefghijklmnopqrstu<end><pad>"));
        Assert.Equal((23, null, 21, 22), (tokenizer.VocabularySize, tokenizer.BosId, tokenizer.EosId, tokenizer.PadId));
        Assert.Equal("cab", tokenizer.Decode([2, 0, 1, 21, 22]));
    }

    [Fact]
    public void FromCharacters_SavedAndLoaded_IsTheSame()
    {
        using var folder = TestFiles.NewFolder();
        RandomWalks.Save(folder.Path);
        var loaded = TokenizerLoader.Load(folder.Path);
        Assert.Equal([20, 0, 21], loaded.Encode("ua<end>"));
        Assert.Equal((23, null, 21, 22), (loaded.VocabularySize, loaded.BosId, loaded.EosId, loaded.PadId));
    }

    [Fact]
    public void FromCharacters_SpaceAndLineBreak_AreTokensToo() =>
        Assert.Equal([0, 1, 2, 1], TokenizerFactory.FromCharacters("a \n", "<end>", "<pad>").Encode("a \n "));

    [Fact]
    public void Encode_OtherCharacter_IsAnErrorThatNamesIt() =>
        Assert.Contains("'v'", Assert.Throws<InputException>(() => RandomWalks.Encode("uv")).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("aba", "<end>", "<pad>", "'a'")]
    [InlineData("ab", "a", "<pad>", "'a'")]
    [InlineData("ab", "<end>", "<end>", "'<end>'")]
    [InlineData("ab", "<end>", "", "empty")]
    [InlineData("aä", "<end>", "<pad>", "U+00E4")]
    [InlineData("", "<end>", "<pad>", "at least one")]
    public void FromCharacters_WhatCannotBe_IsAnError(string characters, string end, string pad, string expected) => Assert.Contains(
        expected, Assert.Throws<InputException>(() => TokenizerFactory.FromCharacters(characters, end, pad)).Message, StringComparison.Ordinal);
}
