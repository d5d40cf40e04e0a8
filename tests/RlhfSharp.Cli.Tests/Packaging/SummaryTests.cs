namespace RlhfSharp.Cli.Tests.Packaging;

/// <summary>The script that counts test results at the end of <c>.ci/run</c>.</summary>
public sealed class SummaryTests
{
    private const string Passed = """<UnitTestResult testName="A.Passes" outcome="Passed" testId="1" />""";
    private const string Failed = """
        <UnitTestResult testName="A.Fails(text: &quot;a&lt;b outcome=\&quot;Passed\&quot;&quot;)" outcome="Failed" testId="2"><Output><ErrorInfo>
        <Message>was &lt;UnitTestResult outcome="Passed"</Message></ErrorInfo></Output></UnitTestResult>
        """;
    private const string Skipped = """
        <UnitTestResult testName="A.Skips" outcome="NotExecuted" testId="3"><Output><StdOut>needs a &amp; b &gt; c,
        which is not here</StdOut></Output></UnitTestResult>
        """;
    private const string SkippedForSharedData = """
        <UnitTestResult testName="A.Real" outcome="NotExecuted"><Output><StdOut>needs ../shared/data/x, which is not here
        </StdOut></Output></UnitTestResult>
        """;

    [Fact]
    public void Summarize_AllPassed_CountsOverFiles()
    {
        using var folder = TestFiles.NewFolder();
        var result = Summarize("/nowhere", Results(folder, Passed, Passed), Results(folder, Passed));
        Assert.Equal((0, "3 passed, 0 failed, 0 skipped\n"), (result.ExitCode, result.Output));
    }

    [Fact]
    public void Summarize_FailedAndSkipped_ListsThemWithReasons()
    {
        using var folder = TestFiles.NewFolder();
        var result = Summarize("/nowhere", Results(folder, Passed, Failed, Skipped), Results(folder, SkippedForSharedData, Passed));
        Assert.Equal(1, result.ExitCode);
        Assert.Equal(
            """
            failed: A.Fails(text: "a<b outcome=\"Passed\"")
            skipped: A.Skips: needs a & b > c, which is not here
            skipped: A.Real: needs ../shared/data/x, which is not here
            2 passed, 1 failed, 2 skipped

            """,
            result.Output);
    }

    [Theory]
    [InlineData(false, 0)]
    [InlineData(true, 1)]
    public void Summarize_SkippedForSharedData_FailsWhereThatFolderIs(bool folderExists, int expected)
    {
        using var folder = TestFiles.NewFolder();
        var result = Summarize(folderExists ? folder.Path : "/nowhere", Results(folder, Passed, SkippedForSharedData));
        Assert.Equal(expected, result.ExitCode);
        Assert.EndsWith("\n1 passed, 0 failed, 1 skipped\n", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Summarize_NothingRan_Fails()
    {
        using var folder = TestFiles.NewFolder();
        Assert.Equal((1, "0 passed, 0 failed, 0 skipped\n"), Counted(Summarize("/nowhere")));
        Assert.Equal((1, "0 passed, 0 failed, 0 skipped\n"), Counted(Summarize("/nowhere", Results(folder))));
    }

    [Fact]
    public void Summarize_FileCutShort_Fails()
    {
        using var folder = TestFiles.NewFolder();
        var cut = folder.File("cut.trx");
        File.WriteAllText(cut, $"<TestRun><Results>{Passed}");
        var result = Summarize("/nowhere", cut, Results(folder, Passed));
        Assert.Equal((1, $"cut short: {cut}\n2 passed, 0 failed, 0 skipped\n"), Counted(result));
    }

    private static (int ExitCode, string Output) Counted(ChildResult result) => (result.ExitCode, result.Output);

    private static string Results(TemporaryFolder folder, params string[] tests)
    {
        var file = folder.File($"{Directory.GetFiles(folder.Path).Length}.trx");
        File.WriteAllText(file, $"<TestRun id=\"1\"><Results>{string.Concat(tests)}</Results><ResultSummary outcome=\"Completed\" /></TestRun>");
        return file;
    }

    private static ChildResult Summarize(string sharedFolder, params string[] files)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "the script is for bash");
        return ChildProcess.Run(Path.Combine(TestFiles.RepositoryRoot, ".ci", "summarize"), [sharedFolder, .. files]);
    }
}
