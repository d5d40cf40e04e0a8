using System.Text.Json.Nodes;
using RlhfSharp.Models.Checkpoints;
using RlhfSharp.Models.Runtime;

namespace RlhfSharp.Models.Tests.Checkpoints;

public sealed class ConfigFileTests
{
    [Theory]
    [InlineData("[1]", "holds no JSON object.")]
    [InlineData("", "is not valid JSON: ")]
    [InlineData("{\"a\": 1", "is not valid JSON: ")]
    [InlineData("{\"a\": 1, \"a\": 2}", "is not valid JSON: ")]   // which one holds is anybody's guess
    public void Read_BrokenFile_IsNamed(string text, string message)
    {
        using var folder = TestFiles.NewFolder();
        File.WriteAllText(folder.File(ConfigFile.FileName), text);
        var exception = Assert.Throws<InputException>(() => ConfigFile.Read(folder.Path));
        Assert.StartsWith($"'{folder.File(ConfigFile.FileName)}' {message}", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_DeepNesting_IsRefused()
    {
        using var folder = TestFiles.NewFolder();
        File.WriteAllText(folder.File(ConfigFile.FileName), string.Concat(Enumerable.Repeat("{\"a\":", 100_000)) + "1" + new string('}', 100_000));
        Assert.Throws<InputException>(() => ConfigFile.Read(folder.Path));
    }

    [Theory]
    [InlineData("0")]
    [InlineData("-3")]
    [InlineData("1.5")]
    [InlineData("\"12\"")]
    [InlineData("true")]
    [InlineData("99999999999")]
    public void PositiveInteger_AnythingElse_IsAnError(string json) =>
        AssertError($"'here': 'k' is {json}, expected a whole number from 1 up.", () => Config(json).PositiveInteger("k"));

    [Fact]
    public void PositiveInteger_Missing_IsAnErrorUnlessThereIsAFallback()
    {
        AssertError("'here': 'other' is missing.", () => Config("1").PositiveInteger("other"));
        Assert.Equal(7, Config("1").PositiveInteger("other", 7));
        Assert.Equal(7, Config("null").PositiveInteger("k", 7));
        Assert.Equal(1, Config("1").PositiveInteger("k"));
    }

    [Fact]
    public void Values_OfAnotherKind_AreErrors()
    {
        AssertError("'here': 'k' is \"x\", expected a number.", () => Config("\"x\"").Number("k", 0));
        AssertError("'here': 'k' is 1, expected true or false.", () => Config("1").Flag("k", false));
        AssertError("'here': 'k' is 1, expected a text.", () => Config("1").Text("k", ""));
        AssertError("'here': 'k' is an object or a list, expected a single value.", () => Config("[1]").Text("k", ""));
        AssertError("'here': 'k' is an object or a list, expected a single value.", () => Config("{}").Number("k", 0));
    }

    [Fact]
    public void Number_WholeNumberAndExponent_AreNumbers()
    {
        Assert.Equal(10000, Config("10000").Number("k", 0));
        Assert.Equal(1e-5, Config("1e-05").Number("k", 0));
        AssertError("'here': 'k' is 1e999, expected a number.", () => Config("1e999").Number("k", 0));
    }

    [Theory]
    [InlineData("2", new[] { 2 })]
    [InlineData("[2, 128001]", new[] { 2, 128001 })]
    [InlineData("[]", new int[0])]
    [InlineData("null", new int[0])]
    public void TokenIds_OneOrMany_AreRead(string json, int[] expected) => Assert.Equal(expected, Config(json).TokenIds("k"));

    [Theory]
    [InlineData("-1")]
    [InlineData("\"</s>\"")]
    [InlineData("[1, null]")]
    [InlineData("{\"id\": 1}")]
    public void TokenIds_AnythingElse_IsAnError(string json) =>
        AssertError("'here': 'k' holds something that is no token id.", () => Config(json).TokenIds("k"));

    private static ConfigFile Config(string json) => new((JsonObject)JsonNode.Parse($"{{\"k\": {json}}}")!, "here");

    private static void AssertError(string message, Func<object?> read) => Assert.Equal(message, Assert.Throws<InputException>(read).Message);
}
