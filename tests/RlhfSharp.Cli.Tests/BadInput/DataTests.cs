using RlhfSharp.Cli.Tests.Support;

namespace RlhfSharp.Cli.Tests.BadInput;

[NoTensorLeak]
public sealed class DataTests(EarlierRun earlier) : IClassFixture<EarlierRun>
{
    private const string Loss = "kind: loss";

    [Fact]
    public void Train_NoSuchFile_NamesIt() => Refused(earlier.File("nowhere.jsonl"), $"'{earlier.File("nowhere.jsonl")}'");

    [Fact]
    public void Train_NoRows_SaysSo() => Refused(earlier.WriteRows(), "other.jsonl' holds no rows.");

    [Fact]
    public void Train_DialogueLongerThanTheContext_NamesRowAndLengths() =>
        Refused(earlier.WriteRows([.. TinyExperiment.Preferences, Pair(prompt: Long)]), "other.jsonl:51: ", data: "onTooLong: error");

    [Fact]
    public void Train_AnswersThatDoNotFit_NamesTheRow() =>
        Refused(earlier.WriteRows([.. TinyExperiment.Preferences, Pair(chosen: Long)]), "other.jsonl:51: ", data: "onTooLong: truncate-left");

    [Fact]
    public void Train_NoAnswerThatFitsAndSkipped_TellsWhyNothingIsLeft() =>
        Refused(
            earlier.WriteRows(Enumerable.Range(0, 9).Select(i => Pair($"Q{i}", Long))),
            "all 9 were left out",
            data: "onTooLong: truncate-left, onBadRow: skip");

    [Fact]
    public void Train_AllRewardsEqual_SaysHowToUseThemAllTheSame() =>
        Refused(earlier.WriteRows(Rewarded(_ => "0.5")), "rewards are 0.5", evaluation: Loss);

    [Theory]
    [InlineData("\"NaN\"", "'reward' is a string, expected a number")]
    [InlineData("NaN", "other.jsonl:4")]
    [InlineData("1e999", "'reward' is ")]
    public void Train_RewardIsNoNumber_NamesTheRow(string reward, string message) =>
        Refused(earlier.WriteRows(Rewarded(i => i == 3 ? reward : $"{i}")), message, evaluation: Loss);

    [Fact]
    public void Train_FewerPromptsThanFolds_TellsBoth() =>
        Refused(earlier.WriteRows(TinyExperiment.Preferences.Take(3)), "has 3 different prompts, too few for 5 folds");

    private static string Long => string.Concat(Enumerable.Repeat(" far too long", 60));

    private static object Pair(string prompt = "Does it fit?", string chosen = " Yes.") => new { prompt, chosen, rejected = " No, it does not." };

    private static IEnumerable<object> Rewarded(Func<int, string> reward) =>
        Enumerable.Range(0, 20).Select(i => $$"""{"prompt": "Does {{i}} count?", "completion": " It does.", "reward": {{reward(i)}}}""");

    private void Refused(string rows, string message, string data = "", string evaluation = "kind: preferences") => earlier.AssertRefused(
        Rlhf.Run("train", earlier.WriteRecipe(rows: rows, data: data, evaluation: evaluation), "--run", earlier.Directory, "--overwrite"), message);
}
