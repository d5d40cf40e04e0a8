using RlhfSharp.Cli.Tests.Support;

namespace RlhfSharp.Cli.Tests.BadInput;

[NoTensorLeak]
public sealed class CommandLineTests(EarlierRun earlier) : IClassFixture<EarlierRun>
{
    [Fact]
    public void Train_MisspeltKeys_TellsAllWithLineAndNearestName()
    {
        var recipe = earlier.WriteRecipe(data: "fromat: plain", rest: "optimizer: { lerningRate: 0.1 }");
        var result = Rlhf.Run("train", recipe, "--run", earlier.Directory, "--overwrite");
        earlier.AssertRefused(result, "tiny.yaml:4: unknown key 'data.fromat'. Did you mean 'format'?");
        Assert.Contains("tiny.yaml:8: unknown key 'optimizer.lerningRate'. Did you mean 'learningRate'?", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Train_MisspeltSetting_NamesTheNearest() => earlier.AssertRefused(
        Rlhf.Run("train", earlier.WriteRecipe(), "--set", "loop.maxStep=3", "--run", earlier.Directory, "--overwrite"),
        "Did you mean 'maxSteps'?");

    [Fact]
    public void Train_PreferencesAskedOfSupervisedFineTuning_NamesTheEvaluationThatFits() => earlier.AssertRefused(
        Rlhf.Run("train", earlier.WriteRecipe(), "--set", "objective={kind: sft}", "--run", earlier.Directory, "--overwrite"),
        "evaluation: { kind: loss }");

    [Fact]
    public void Train_NoSuchRecipe_NamesIt() =>
        earlier.AssertRefused(Rlhf.Run("train", earlier.File("nowhere.yaml"), "--run", earlier.Directory, "--overwrite"), "nowhere.yaml");

    [Fact]
    public void Train_MetricThatNothingMeasures_NamesThoseThereAre()
    {
        var result = Rlhf.Run("train", earlier.WriteRecipe(), "--set", "loop.bestMetric=accuracy/qq", "--run", earlier.File("unmeasured"));
        earlier.AssertRefused(result, "loop.bestMetric is 'accuracy/qq', but the evaluation measures no such thing. Did you mean 'accuracy/q'?");
    }

    [Theory]
    [InlineData("train")]
    [InlineData("train recipe.yaml --resume run")]
    [InlineData("train --resume run --set a=b")]
    [InlineData("train --resume run --overwrite")]
    [InlineData("train recipe.yaml --sett a=b")]
    public void Train_WrongUsage_Returns2(string commandLine) =>
        earlier.AssertRefused(Rlhf.Run(commandLine.Split(' ')), "error: ", ExitCodes.WrongUsage);
}
