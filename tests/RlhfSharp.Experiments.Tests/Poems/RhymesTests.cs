using RlhfSharp.Experiments.Poems;

namespace RlhfSharp.Experiments.Tests.Poems;

public sealed class RhymesTests
{
    private const string RhymeByEar =
        """
        night light; kite height; day weigh; tree sea; snow though; moon tune; stone grown; bear air; wear there; heart art; word bird; cold rolled
        passed last; named famed; rained chained; trees breeze; eyes skies; merry berry; river quiver; singing ringing; tumble grumble
        love above; move prove; wood could; blood mud; door shore; floor more; court sport; soul hole; bowl coal; ghost coast; child wild; mind signed; dead bed; said red
        great late; eight gate; field shield; believe leave; sleep deep; brook took; room bloom; tomb gloom; youth truth; tongue young; come drum; done sun; laugh half; calm palm
        daughter water; heaven seven; feather weather; mother brother; town crown; now bough; cow vow; ground sound; cloud proud; house mouse; joy boy; voice choice; thought caught
        all fall; salt fault; walk talk; dance chance; bridge ridge; edge hedge; judge grudge; dreams seems; wings kings; nights lights; faces places; pages ages; beauty duty; money honey
        pearl girl; earth birth; learn turn; verse nurse; horse course; warm storm; war more; year near; beard feared; here ear; tide pride; shine line; rose nose; grave wave
        bright delight; away day; below flow; arise skies; before shore; alone bone; memory thee; majesty eye; wandering ring; nest breast; health wealth; guest best; death breath
        """;

    private const string NoRhymeByEar =
        """
        night day; tree snow; moon stone; heart hurt; word lord; river merry; singing river; tumble candle; love live; wood mood; blood food; door poorly; soul soil
        great treat; eight height; field filled; leave live; sleep slip; room come; youth south; tongue song; drum dream; sun soon; calm claim; town tone; now snow
        ground wind; cloud could; house rose; joy day; thought though; salt shalt; dance since; bridge edge; dreams drums; wings songs; nights lits; beauty merry; pearl pale
        earth death; learn lean; verse vase; horse house; warm farm; war far; year yore; shine shin; bright bread; away awe; before afar
        nest nets; health wheel; guest gust; best beast; winter water; silver river; golden garden; shadow sorrow; summer simmer; lonely lovely; kitten mitt; the thy; sea sigh; low law
        """;

    [Fact]   // the shares that docs/poems.md states
    public void Match_PairsJudgedByEar_ErrsOnFew()
    {
        static List<(string, string)> Pairs(string list) =>
            [.. list.Split('\n', ';').Select(pair => pair.Trim().Split(' ')).Select(pair => (pair[0], pair[1]))];
        var (rhymes, others) = (Pairs(RhymeByEar), Pairs(NoRhymeByEar));
        var missed = rhymes.Where(pair => Rhymes.Match(pair.Item1, pair.Item2) != RhymeKind.Sound).ToList();
        var invented = others.Where(pair => Rhymes.Match(pair.Item1, pair.Item2) == RhymeKind.Sound).ToList();
        var alike = others.Count(pair => Rhymes.Match(pair.Item1, pair.Item2) == RhymeKind.Spelling);

        Assert.True(missed.Count <= 0, $"{missed.Count} of {rhymes.Count} missed: {string.Join(", ", missed)}");
        Assert.True(invented.Count <= 1, $"{invented.Count} of {others.Count} invented: {string.Join(", ", invented)}");
        Assert.InRange(alike, 1, 7);   // word and lord, wood and mood: the list seeks them out
    }

    [Theory]
    [InlineData("love", "prove", RhymeKind.Spelling)]
    [InlineData("Beard,", "beard", RhymeKind.SameWord)]
    [InlineData("good-night", "moonlight", RhymeKind.Sound)]
    [InlineData("wander'd", "squander'd", RhymeKind.Sound)]
    [InlineData("", "night", RhymeKind.None)]
    [InlineData("brr", "hmm", RhymeKind.None)]
    public void Match_Kinds(string first, string second, RhymeKind expected)
    {
        Assert.Equal(expected, Rhymes.Match(first, second));
        Assert.Equal(expected, Rhymes.Match(second, first));
    }
}
