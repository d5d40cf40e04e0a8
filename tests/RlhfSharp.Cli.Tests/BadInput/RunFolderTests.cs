using RlhfSharp.Cli.Tests.Support;
using RlhfSharp.Training.Runs;

namespace RlhfSharp.Cli.Tests.BadInput;

[NoTensorLeak]
public sealed class RunFolderTests(EarlierRun earlier) : IClassFixture<EarlierRun>
{
    [Fact]
    public void Train_RunExists_NamesBothWaysOut() => earlier.AssertRefused(
        Rlhf.Run("train", earlier.WriteRecipe(), "--run", earlier.Directory),
        $"The run '{earlier.Directory}' exists. Go on with it by --resume {earlier.Directory}, replace it by --overwrite");

    [Fact]
    public void Train_FolderIsBelowAFile_SaysThatItCannotBeMade() => earlier.AssertRefused(
        Rlhf.Run("train", earlier.WriteRecipe(), "--run", earlier.File("rows.jsonl", "run")),
        $"The folder '{earlier.File("rows.jsonl", "run")}' could not be made: ");

    [Fact]
    public void Train_FolderIsAFile_SaysThatItCannotBeMade() => earlier.AssertRefused(
        Rlhf.Run("train", earlier.WriteRecipe(), "--run", earlier.File("rows.jsonl")),
        $"The folder '{earlier.File("rows.jsonl")}' could not be made: ");

    [Theory]
    [InlineData("--overwrite")]
    [InlineData("--resume")]
    public void Train_AnotherProcessWorksThere_ChangesNothing(string way)
    {
        ChildResult result;
        using (RunLock.Take(earlier.Directory))
        {
            result = way == "--resume"
                ? Rlhf.Run("train", "--resume", earlier.Directory)
                : Rlhf.Run("train", earlier.WriteRecipe(), "--run", earlier.Directory, "--overwrite");
        }
        earlier.AssertRefused(result, $"The run '{earlier.Directory}' is in use by another process.");
    }

    [Fact]
    public void Train_OverwriteOfAFolderThatIsNoRun_RemovesNothing()
    {
        var papers = earlier.File("papers");
        Directory.CreateDirectory(papers);
        File.WriteAllText(Path.Combine(papers, "thesis.txt"), "years of work");
        earlier.AssertRefused(Rlhf.Run("train", earlier.WriteRecipe(), "--run", papers, "--overwrite"), $"'{papers}' is not empty and not a run");
        Assert.Equal("years of work", File.ReadAllText(Path.Combine(papers, "thesis.txt")));
    }

    [Fact]
    public void Train_OverwriteOfTheModelItStartsFrom_RemovesNothing() => earlier.AssertRefused(
        Rlhf.Run("train", earlier.WriteRecipe(model: earlier.Directory), "--run", earlier.Directory, "--overwrite"),
        "which --overwrite would remove");

    [Fact]
    public void Train_FolderOfAProcessKilledBeforeItsFirstFile_IsNoRunYet()
    {
        var run = earlier.File("killed-early");
        Directory.CreateDirectory(run);
        File.WriteAllText(Path.Combine(run, RunLock.FileName), string.Empty);
        File.WriteAllText(Path.Combine(run, "recipe.yaml.tmp"), "name:");
        Assert.Equal(ExitCodes.Done, Rlhf.Run("train", earlier.WriteRecipe(), "--run", run).ExitCode);
        EarlierRun.AssertNothingHalfWritten(run);
    }

    [Fact]
    public void Resume_NoSuchRun_SaysSo() =>
        earlier.AssertRefused(Rlhf.Run("train", "--resume", earlier.File("nowhere")), $"There is no run '{earlier.File("nowhere")}'.");

    [Fact]
    public void Resume_FolderThatIsNoRun_SaysWhatIsMissing() =>
        earlier.AssertRefused(Rlhf.Run("train", "--resume", earlier.Model), "is no run that can be resumed: it has no recipe.yaml.");

    [Fact]
    public void Resume_LogWasShortened_SaysWhichOne()
    {
        using var folder = TestFiles.NewFolder();
        var run = CopyOfRun(folder);
        File.WriteAllText(Path.Combine(run, "progress.json"), File.ReadAllText(Path.Combine(run, "progress.json")).Replace("\"phase\": 1", "\"phase\": 0", StringComparison.Ordinal));
        File.WriteAllText(Path.Combine(run, "metrics.jsonl"), string.Empty);
        earlier.AssertRefused(Rlhf.Run("train", "--resume", run), "metrics.jsonl' has 0 bytes; the run's last commit says ");
    }

    [Theory]
    [InlineData("progress.json")]
    [InlineData("run.json")]
    [InlineData("recipe.yaml")]
    public void Resume_FileIsBroken_NamesIt(string name)
    {
        using var folder = TestFiles.NewFolder();
        var run = CopyOfRun(folder);
        File.WriteAllText(Path.Combine(run, name), "{ \"phase\": [");
        earlier.AssertRefused(Rlhf.Run("train", "--resume", run), name);
    }

    private string CopyOfRun(TemporaryFolder folder)
    {
        foreach (var file in Directory.GetFiles(earlier.Directory, "*", SearchOption.AllDirectories))
        {
            var copy = folder.File(Path.GetRelativePath(earlier.Directory, file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy);
        }
        return folder.Path;
    }
}
