using System.Xml.Linq;
using CsCheck;
using RlhfSharp.QualityDiversity.Archives;
using RlhfSharp.QualityDiversity.HeatMaps;

namespace RlhfSharp.QualityDiversity.Tests.HeatMaps;

public sealed class HeatMapSvgTests
{
    private static readonly XNamespace Svg = "http://www.w3.org/2000/svg";

    [Fact]
    public void Draw_CategoricalMap_HasLabelsValuesCountsAndHatchedCells()
    {
        var archive = new CategoricalArchive<int>([new CategoricalAxis("genre", "haiku", "sonnet"), new CategoricalAxis("tone", "happy", "dark")]);
        archive.Add([1, 2, 3], [-1.25, 0.5, 20], new[,] { { "haiku", "happy" }, { "haiku", "dark" }, { "sonnet", "dark" } });

        var drawing = XDocument.Parse(HeatMapSvg.Draw(HeatMap.Of(archive, "Rewards", "reward", counts: [7, 8, 0, 9])));

        var texts = drawing.Descendants(Svg + "text").Select(text => text.Value).ToList();
        Assert.All(["Rewards", "reward", "genre", "tone", "haiku", "sonnet", "happy", "dark", "−1.25", "0.50", "20.0", "N=7", "N=8", "N=0", "N=9"], text => Assert.Contains(text, texts));
        Assert.Equal(1, Fills(drawing).Count(fill => fill == "url(#empty)"));
        Assert.Contains("#00224e", Fills(drawing));   // the lowest
        Assert.Contains("#fee838", Fills(drawing));   // the highest
    }

    [Fact]
    public void Draw_NumericMap_HasNumbersAtBordersAndNoTextInSmallCells()
    {
        var archive = new GridArchive<int>([NumericAxis.Uniform("height", -1, 1, 40), NumericAxis.Ticks("length", 10, 20)]);
        archive.Add(1, 5, 0, 15);
        var texts = XDocument.Parse(HeatMapSvg.Draw(HeatMap.Of(archive, "Map"))).Descendants(Svg + "text").Select(text => text.Value).ToList();
        Assert.All(["−1", "−∞", "10", "20", "∞"], text => Assert.Contains(text, texts));
        Assert.Equal(1, texts.Count(text => text == "5.00"));   // in the middle of the scale, not in the cell
    }

    [Fact]
    public void Draw_NextToNothingBesideTheOthers_IsZero()
    {
        var archive = new GridArchive<int>([NumericAxis.Uniform("x", 0, 1, 3)]);
        archive.Add([1, 2, 3], [-1, -0.0008, 1], new[,] { { 0.1 }, { 0.5 }, { 0.9 } });
        Assert.Contains("0", XDocument.Parse(HeatMapSvg.Draw(HeatMap.Of(archive, "Map"))).Descendants(Svg + "text").Select(text => text.Value));
        Assert.DoesNotContain("e", HeatMapSvg.Draw(HeatMap.Of(archive, string.Empty)).Split('>').Where(part => part.StartsWith('−')).SelectMany(part => part.Split('<')[0].Select(letter => $"{letter}")));
    }

    [Fact]
    public void Draw_OneAxisOrOneValueOrNone_Works()
    {
        var archive = new GridArchive<int>([NumericAxis.Uniform("x", 0, 1, 3)]);
        Assert.Equal(3, Fills(XDocument.Parse(HeatMapSvg.Draw(HeatMap.Of(archive, "Nothing yet")))).Count(fill => fill == "url(#empty)"));
        archive.Add(1, 5, 0);
        var map = HeatMap.Of(archive, "One");
        Assert.Equal((4.99, 5.01), (map.Low, map.High));
        Assert.Contains("#707173", string.Join(' ', Fills(XDocument.Parse(HeatMapSvg.Draw(map)))), StringComparison.Ordinal);   // the middle
    }

    [Fact]
    public void Draw_AnyText_IsEscapedXmlAndOfTheSameBytes() => Gen.String[0, 20].Where(text => text.All(c => !char.IsSurrogate(c))).Sample(text =>
    {
        var map = new HeatMap($"</title><script>{text}", text, new HeatMapAxis(text, [text]), new HeatMapAxis("x", ["🐘 שלום", text]), new[,] { { new HeatMapCell(1, 2), default } });
        var drawing = HeatMapSvg.Draw(map);
        Assert.DoesNotContain(XDocument.Parse(drawing).Descendants(), element => element.Name.LocalName == "script");
        Assert.Equal(drawing, HeatMapSvg.Draw(map));
    });

    [Fact]
    public void Map_WrongShapeOrValue_IsRefused()
    {
        var axis = new HeatMapAxis("x", ["a", "b"]);
        Assert.Contains("cells has shape [1, 2], expected [2, 2]", Assert.Throws<ArgumentException>(() => new HeatMap("t", "v", axis, axis, new HeatMapCell[1, 2])).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => new HeatMap("t", "v", new HeatMapAxis("y", ["a"]), axis, new[,] { { new HeatMapCell(double.NaN), default } }));
        Assert.Throws<ArgumentException>(() => HeatMap.Of(new GridArchive<int>([NumericAxis.Ticks("a"), NumericAxis.Ticks("b"), NumericAxis.Ticks("c")]), "3"));
    }

    // What makes the scale safe for people who confuse red and green: brightness alone tells the order.
    [Fact]
    public void Colors_AlongTheScale_GetBrighterWithEveryStep()
    {
        var brightness = Enumerable.Range(0, 101).Select(i => ColorScale.At(i / 100.0)).Select(color => 0.2126 * color.Red + 0.7152 * color.Green + 0.0722 * color.Blue).ToList();
        Assert.All(brightness.Zip(brightness.Skip(1)), pair => Assert.True(pair.Second > pair.First));
    }

    private static List<string> Fills(XDocument drawing) => [.. drawing.Descendants(Svg + "rect").Select(rect => rect.Attribute("fill")!.Value)];
}
