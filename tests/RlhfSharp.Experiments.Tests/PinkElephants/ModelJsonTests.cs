using System.Diagnostics;
using System.Text.Json;
using CsCheck;
using RlhfSharp.Experiments.PinkElephants;

namespace RlhfSharp.Experiments.Tests.PinkElephants;

public sealed class ModelJsonTests
{
    // No bracket: what a model says around its JSON. Brackets in chatter are tested one by one below.
    private static readonly Gen<string> Chatter = Gen.Char[' ', '~'].Where(c => !"[]{}\"".Contains(c, StringComparison.Ordinal)).Array[0, 40].Select(c => new string(c));

    [Theory]
    [InlineData("[1,2]", "[1,2]")]
    [InlineData("Sure:\n```json\n[1,2]\n```\nMore?", "[1,2]")]
    [InlineData("As you said [see below], here: {\"a\":1} and {\"b\":2}", "{\"a\":1} {\"b\":2}")]
    [InlineData("[1,2,]", "[1,2,]")]
    [InlineData("[1, // one\n2]", "[1, // one\n2]")]
    [InlineData("[\"a\",\"b\",\"c", "[\"a\",\"b\"]")]
    [InlineData("[{\"a\":1},{\"a\":2},{\"a\":", "[{\"a\":1},{\"a\":2}]")]
    [InlineData("[{\"a\":1},{\"a\":\"x\"y\"},{\"a\":3}]", "[{\"a\":1}] {\"a\":3}")]
    [InlineData("[{\"a\":1,},{\"a\":", "[{\"a\":1,}]")]
    [InlineData("{\"list\":[\"a\",\"b\"", "[\"a\",\"b\"]")]
    [InlineData("[", "")]
    [InlineData("[\"abc", "")]
    [InlineData("{{}}", "{}")]
    [InlineData("no JSON", "")]
    public void Values_Rambling_FindsWhatIsWhole(string text, string expected) =>
        Assert.Equal(expected, string.Join(' ', ModelJson.Values(text).Select(value => value.GetRawText())));

    [Fact]
    public void Values_ListBetweenChatter_IsFoundAsItIs() =>
        Gen.Select(Chatter, Gen.String.Array[1, 6], Chatter).Sample((before, list, after) =>
        {
            var value = Assert.Single(ModelJson.Values($"{before}{JsonSerializer.Serialize(list)}{after}"));
            Assert.Equal(list.Select(Whole), value.EnumerateArray().Select(item => item.GetString()));
        });

    [Fact]
    public void Values_ListCutAnywhere_GivesABeginningOfIt() =>
        Gen.Select(Gen.Char[' ', '~'].Array[0, 8].Select(c => new string(c)).Array[1, 6], Gen.Double[0, 1]).Sample((list, share) =>
        {
            var json = JsonSerializer.Serialize(list);
            var found = ModelJson.Values(json[..(int)(share * json.Length)]).SelectMany(value => ModelJson.Items(value, item => item.ValueKind == JsonValueKind.String ? item.GetString() : null)).ToList();
            Assert.Equal(list.Take(found.Count), found);
            Assert.True(found.Count <= list.Length);
        });

    [Theory]
    [InlineData("[")]
    [InlineData("{")]
    [InlineData("[\"a\",")]
    [InlineData("{\"a\":")]
    [InlineData("[[1],")]
    public void Values_ManyBrackets_TakeNoTime(string unit)
    {
        var text = string.Concat(Enumerable.Repeat(unit, 60_000));
        var watch = Stopwatch.StartNew();
        ModelJson.Values(text);
        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(2), $"took {watch.Elapsed}");
    }

    [Fact]
    public void Text_HalfOfASurrogatePair_IsNone()
    {
        var value = Assert.Single(ModelJson.Values("""{"a":"\ud83d","b\ud83d":"x","c":"y"}"""));
        Assert.Null(ModelJson.Text(ModelJson.Property(value, "a")));
        Assert.Equal("y", ModelJson.Text(ModelJson.Property(value, "b", "c")));
    }

    // JSON text cannot hold half of a pair; the writer puts U+FFFD there.
    private static string Whole(string text) => JsonSerializer.Deserialize<string>(JsonSerializer.Serialize(text))!;
}
