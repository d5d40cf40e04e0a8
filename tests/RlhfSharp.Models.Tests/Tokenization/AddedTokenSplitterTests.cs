using RlhfSharp.Models.Tokenization;

namespace RlhfSharp.Models.Tests.Tokenization;

public sealed class AddedTokenSplitterTests
{
    [Theory]
    [InlineData("the cat sat", "the |[cat]| sat")]
    [InlineData("cat", "[cat]")]
    [InlineData("concat", "concat")]
    [InlineData("cats", "cats")]
    [InlineData("cat_ cat-", "cat_ |[cat]|-")]
    [InlineData("cats cat", "cats |[cat]")]
    [InlineData("écat cat\u0301", "écat cat\u0301")]
    [InlineData("catcat cat", "catcat |[cat]")]
    public void Split_SingleWord_IsNotFoundInsideWords(string text, string expected)
    {
        var splitter = new AddedTokenSplitter([new AddedToken(1, "cat", IsSpecial: false, IsSingleWord: true)]);

        Assert.Equal(expected, string.Join('|', splitter.Split(text).Select(
            part => part.Token is null ? text[part.Start..part.End] : $"[{text[part.Start..part.End]}]")));
    }

    [Fact]
    public void Split_TokenThatNeedNotBeAWord_IsFoundAnywhere()
    {
        var splitter = new AddedTokenSplitter([new AddedToken(1, "cat", IsSpecial: false), new AddedToken(2, "cats", IsSpecial: false)]);

        Assert.Equal(["con", "cat", "cats"], splitter.Split("concatcats").Select(part => "concatcats"[part.Start..part.End]));
    }
}
