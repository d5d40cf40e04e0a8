using CsCheck;
using RlhfSharp.Models.Tokenization;

namespace RlhfSharp.Models.Tests.Tokenization;

public sealed class WordSplitterTests
{
    private static readonly WordSplitter Gpt2 = new(SplitStep.Gpt2);

    [Theory]
    [InlineData("I'll see 3 lamas!!  ok", "I|'ll| see| 3| lamas|!!| | ok")]
    [InlineData("a\n\n b  ", "a|\n\n| b|  ")]
    // Mathematical letters and digits are letters and digits, although .NET sees two surrogates.
    [InlineData("x𝒳y .𝒳 1𝟙", "x𝒳y| .|𝒳| 1𝟙")]
    [InlineData("go🦙🦙go", "go|🦙🦙|go")]
    public void Split_Gpt2_CutsAsPublished(string text, string expected) => Assert.Equal(expected, string.Join('|', Gpt2.Split(text)));

    [Fact]
    public void Split_GeneratedTexts_LosesNothing() =>
        GeneratedText.Any.Sample(text => Assert.Equal(text, string.Concat(Gpt2.Split(text))), iter: 2000, threads: 1);

    [Theory]
    [InlineData("a b", " a| b")]
    [InlineData(" a", " a")]
    public void Split_WithPrefixSpace_AddsItWhereThereIsNone(string text, string expected) =>
        Assert.Equal(expected, string.Join('|', BytePairParts.ByteLevelWords([SplitStep.Gpt2], addsPrefixSpace: true).Split(text)));

    [Theory]
    [InlineData("""{"pattern": {"Regex": "\\p{N}{1,3}"}, "behavior": "Isolated", "invert": false}""", "ab1234c", "ab|123|4|c")]
    [InlineData("""{"pattern": {"Regex": "\\p{N}{1,3}|\\p{L}+"}, "behavior": "Removed", "invert": true}""", "ab-1234c", "ab|123|4|c")]
    [InlineData("""{"pattern": {"String": "."}, "behavior": "Isolated"}""", "a.b", "a|.|b")]
    [InlineData("""{"pattern": {"String": "."}, "behavior": "Removed"}""", "..a.b.", "a|b")]
    [InlineData("""{"pattern": {"String": "."}, "behavior": "MergedWithPrevious"}""", ".a..b", ".|a.|.|b")]
    [InlineData("""{"pattern": {"String": "."}, "behavior": "MergedWithNext"}""", "a..b.", "a|.|.b|.")]
    [InlineData("""{"pattern": {"String": "."}, "behavior": "Contiguous"}""", "a..b.", "a|..|b|.")]
    // Three digits are three characters, also where each takes two UTF-16 units.
    [InlineData("""{"pattern": {"Regex": "\\p{N}{1,3}"}, "behavior": "Isolated", "invert": false}""", "𝟙𝟚𝟛𝟜", "𝟙𝟚𝟛|𝟜")]
    public void Split_ByTheFilesExpression_CutsAtMatches(string json, string text, string expected)
    {
        var step = SplitStep.Read(JsonPart.Parse(System.Text.Encoding.UTF8.GetBytes(json), "tokenizer.json"));
        Assert.Equal(expected, string.Join('|', new WordSplitter(step).Split(text)));
    }
}
