using RlhfSharp.Models.Runtime;
using RlhfSharp.Training.Data;

namespace RlhfSharp.Training.Tests.Data.Reading;

public class RowReaderParquetTests
{
    private static string Fixture(string name) =>
        Path.Combine(TestFiles.RepositoryRoot, "tests", "RlhfSharp.Training.Tests", "Data", "parquet", name);

    [Fact]
    public void Read_Conversational_GivesTheObjectsOfAllRowGroupsInOrder()
    {
        var rows = RowReader.Read(Fixture("preference.parquet")).ToList();

        Assert.Equal([1, 2, 3], rows.Select(row => row.Source.Line));
        Assert.Equal("""[{"role":"user","content":"Hi"}]""", rows[0].Values["prompt"]!.ToJsonString());
        Assert.Equal(
            """[{"role":"system","content":"Be kind."},{"role":"user","content":"What is 2+2?"}]""",
            rows[1].Values["prompt"]!.ToJsonString().Replace("\\u002B", "+", StringComparison.Ordinal));
        Assert.Equal("é😀", (string?)rows[2].Values["prompt"]![0]!["content"]);
        Assert.Equal(["a", null, "c"], rows.Select(row => (string?)row.Values["id"]));
        Assert.Equal([1.5, null, -2.0], rows.Select(row => (double?)row.Values["margin"]));
        Assert.Equal([1L, 2L, 3L], rows.Select(row => (long)row.Values["n"]!));
        Assert.Equal([true, false, true], rows.Select(row => (bool)row.Values["flag"]!));
    }

    [Theory]
    [InlineData("rewards.parquet")]
    [InlineData("rewards_item.parquet")]
    public void Read_NullsInsideAListOfNumbers_StayWhereTheyAre(string name)
    {
        var rows = RowReader.Read(Fixture(name)).ToList();

        Assert.Equal(["[1,null,3]", "[null]", "[null,4]"], rows.Select(row => row.Values["rewards"]!.ToJsonString()));
        Assert.Equal([6, 2, 4], rows.Select(row => row.Values["messages"]!.AsArray().Count));
    }

    [Fact]
    public void TextRows_ConversationalPreferences_AreUnderstood()
    {
        var rows = TextRowReader.Read(Fixture("preference.parquet"), RowSchema.Auto, new BadRows(OnBadRow.Error));

        var second = Assert.IsType<PreferenceRow>(rows[1]);
        Assert.Equal(["system", "user"], second.Prompt.Messages.Select(message => message.Role));
        Assert.Equal("5", second.Rejected.Messages.Single().Content);
        Assert.Equal($"{Fixture("preference.parquet")}:2", second.Id);
    }

    [Fact]
    public void TextRows_RewardThatIsNaN_IsAnErrorThatNamesTheRow()
    {
        var path = Fixture("rewarded.parquet");

        var exception = Assert.Throws<InputException>(() => TextRowReader.Read(path, RowSchema.Auto, new BadRows(OnBadRow.Error)));
        Assert.StartsWith($"{path}:2: 'reward' is NaN, expected a finite number", exception.Message, StringComparison.Ordinal);

        var badRows = new BadRows(OnBadRow.Skip);
        Assert.Equal([0.5, 2.5], TextRowReader.Read(path, RowSchema.Auto, badRows).Select(row => ((RewardedRow)row).Reward!.Value));
        Assert.Equal(2, Assert.Single(badRows.Skipped).Source.Line);
    }

    [Fact]
    public void TextRows_TokenRewards_AreUnderstood()
    {
        var badRows = new BadRows(OnBadRow.Skip);

        var row = (RewardedRow)Assert.Single(TextRowReader.Read(Fixture("tokens.parquet"), RowSchema.Auto, badRows));

        Assert.Equal([new TokenReward(0, 1), new TokenReward(2, -1)], row.TokenRewards);
        Assert.Equal("'token_rewards' is empty", Assert.Single(badRows.Skipped).Reason);
    }

    [Fact]
    public void Read_NoRows_IsAnError()
    {
        var exception = Assert.Throws<InputException>(() => RowReader.Read(Fixture("empty.parquet")).Count());

        Assert.EndsWith("holds no rows.", exception.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(40)]
    [InlineData(700)]
    [InlineData(4)]
    public void Read_CutOff_IsAnError(int length)
    {
        using var folder = TestFiles.NewFolder();
        var path = folder.File("cut.parquet");
        File.WriteAllBytes(path, File.ReadAllBytes(Fixture("preference.parquet"))[..length]);

        var exception = Assert.Throws<InputException>(() => RowReader.Read(path).Count());

        Assert.StartsWith($"'{path}' is a damaged Parquet file", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_OtherContentsUnderTheName_IsAnError()
    {
        using var folder = TestFiles.NewFolder();
        var path = folder.File("text.parquet");
        File.WriteAllText(path, "{\"text\":\"a\"}\n");

        Assert.Contains("no Parquet file", Assert.Throws<InputException>(() => RowReader.Read(path).Count()).Message, StringComparison.Ordinal);
    }
}
