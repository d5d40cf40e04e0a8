using RlhfSharp.Experiments.Poems;

namespace RlhfSharp.Experiments.Tests.Poems;

public sealed class FormJudgeTests
{
    private const string Haiku = "Snow on the white hill;\nan old lantern by the gate\nburns the whole long night.";
    private const string Limerick =
        "A baker who lived by the sea\nKept nine little cats under a tree.\nThey ate all his bread,\nThey slept on his bed,\nAnd asked him each evening for tea.";
    private const string LimerickOnFourLines =
        "A baker who lived by the sea\nKept nine little cats under a tree.\nThey ate all his bread, they slept on his bed,\nAnd asked him each evening for tea.";
    private const string Ballad =
        "The wind came down the mountain side,\nThe rain fell on the stone,\nA rider crossed the river wide\nAnd travelled on alone.\n\n" +
        "He sought a house he used to know,\nHe found an open door;\nThe fire was out, the light was low,\nAnd no one on the floor.";
    private const string Hymn =
        "O Lord of every morning light,\nWe praise thy holy name,\nWho gave the stars unto the night\nAnd gave the sun its flame.\n\n" +
        "Our angels sing beside thy throne,\nOur voices rise in prayer;\nNo child of thine is left alone,\nThy grace is everywhere.";
    private const string Couplets = "The cat sat down beside the fire\nAnd watched the flames go ever higher.\nShe did not think of mouse or milk,\nHer coat was like a coat of silk.";
    private const string Sonnet =
        "I walked the shore at early light\nAnd saw the boats go out to sea,\nThe gulls were turning, small and white,\nAnd none of them would look at me.\n" +
        "I thought of all the years gone by,\nThe friends who left, the friends who stayed,\nThe clouds that crossed another sky,\nThe little songs that we had made.\n" +
        "And then the tide came slowly in\nAnd took my footprints one by one,\nAs if no walk had ever been,\nAs if no day had been begun.\n" +
        "So let it go, so let it stay:\nTomorrow is another day.";

    [Theory]
    [InlineData(Haiku, PoemForm.Haiku, "5/7/5")]
    [InlineData(Limerick, PoemForm.Limerick, "AABBA")]
    [InlineData(LimerickOnFourLines, PoemForm.Limerick, "AABBA")]
    [InlineData(Ballad, PoemForm.Ballad, "100")]
    [InlineData(Hymn, PoemForm.Hymn, "common metre")]
    [InlineData(Couplets, PoemForm.Couplets, "100")]
    [InlineData(Sonnet, PoemForm.Sonnet, "14 lines")]
    [InlineData("", PoemForm.Other, "0 lines")]
    [InlineData("One line of no form at all", PoemForm.Other, "no sonnet: 1 lines")]
    public void Judge_NamesTheFormAndWhy(string poem, PoemForm expected, string why)
    {
        var verdict = FormJudge.Judge(poem);

        Assert.Equal(expected, verdict.Form);
        Assert.Contains(why, verdict.Reason, StringComparison.Ordinal);
    }

    [Theory]   // one thing changed, and the form is gone; the reason says which
    [InlineData(Haiku, "white ", "", PoemForm.Haiku, "4/7/5")]
    [InlineData(Limerick, "bread", "rolls", PoemForm.Limerick, "lines 3 and 4 do not rhyme (rolls, bed)")]
    [InlineData(Limerick, "tea", "milk", PoemForm.Limerick, "(sea, tree, milk)")]
    [InlineData(LimerickOnFourLines, "bread", "rolls", PoemForm.Limerick, "without a rhyme inside")]
    [InlineData(Ballad, "alone", "again", PoemForm.Ballad, "50")]
    [InlineData(Hymn, "alone", "again", PoemForm.Ballad, "100")]
    [InlineData(Hymn, "praise thy holy name", "sing to find a name", PoemForm.Hymn, "4 words of worship")]
    [InlineData(Couplets, "milk", "cream", PoemForm.Couplets, "50")]
    [InlineData(Sonnet, "\nTomorrow is another day.", "", PoemForm.Sonnet, "13 lines")]
    public void Judge_ByForm_SaysWhatDecided(string poem, string old, string @new, PoemForm form, string why)
    {
        var verdict = FormJudge.Judge(poem.Replace(old, @new, StringComparison.Ordinal), form);

        Assert.Contains(why, verdict.Reason, StringComparison.Ordinal);
        Assert.Equal(why is "100" or "4 words of worship", verdict.Fits);
    }

    [Fact]   // structure alone cannot tell them apart: every hymn in common metre is a ballad too
    public void Judge_HymnInCommonMetre_HasTheStructureOfABallad() => Assert.True(FormJudge.Judge(Hymn, PoemForm.Ballad).Fits);

    [Fact]
    public void Judge_Other_IsWhatFitsNothing()
    {
        Assert.True(FormJudge.Judge("Nothing much", PoemForm.Other).Fits);
        Assert.False(FormJudge.Judge(Haiku, PoemForm.Other).Fits);
    }
}
