using System.Diagnostics;
using RlhfSharp.Cli.Tests.Support;
using RlhfSharp.Models.Runtime;

namespace RlhfSharp.Cli.Tests.Resume;

/// <summary>What DESIGN.md promises: a run that was killed at any moment and resumed has the files of one that was not, byte for byte.</summary>
[NoTensorLeak]
public sealed class KilledRunTests
{
    // Two processes at a time keep a machine of two cores busy while one of them starts up.
    private const int Lanes = 2;
    private const int KillsPerLane = 10;

    private static readonly EnumerationOptions Everything = new() { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.None };

    public static TheoryData<int> Kinds => [.. Enumerable.Range(0, ResumeKind.All.Count)];

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task Resume_KilledAtRandomMoments_FilesEqualThoseOfAnUninterruptedRun(int index)
    {
        var kind = ResumeKind.All[index];
        using var folder = TestFiles.NewFolder();
        TinyExperiment.WriteRecipe(folder, kind.Recipe);
        kind.Prepare(folder);
        var whole = Stopwatch.StartNew();
        AssertDone(Start(kind, folder, "whole"));
        var duration = whole.Elapsed;

        await Task.WhenAll(Enumerable.Range(0, Lanes).Select(lane => Task.Run(() => KillAndResume(kind, folder, lane, duration))));
    }

    private static void KillAndResume(ResumeKind kind, TemporaryFolder folder, int lane, TimeSpan duration)
    {
        var random = new NamedRandom(seed: 2, "kills", lane);
        var run = $"killed-{lane}";
        var child = Start(kind, folder, run);
        for (var kills = 0; kills < KillsPerLane;)
        {
            if (KillsInTime(child, Path.Combine(folder.Path, run), duration, duringWrite: kills % 2 == 1, random))
            {
                kills++;
                child.Dispose();
                child = Resume(kind, folder, run);
                continue;
            }
            // It was done before it could be killed: what it left is checked, and the next one is killed.
            AssertDone(child);
            RunFiles.AssertEqual(folder.File("whole"), folder.File(run));
            child = Start(kind, folder, run);
        }
        AssertDone(child);
        RunFiles.AssertEqual(folder.File("whole"), folder.File(run));
    }

    // Any moment will do, from the start of the program on; every second time one at which a checkpoint is being written.
    private static bool KillsInTime(RunningChild child, string run, TimeSpan duration, bool duringWrite, NamedRandom random)
    {
        if (child.EndsWithin(duration * random.NextDouble()) || (duringWrite && !child.WaitUntil(() => IsWritingCheckpoint(run))))
        {
            return false;
        }
        child.Kill();
        return true;
    }

    private static bool IsWritingCheckpoint(string run)
    {
        try
        {
            return Directory.EnumerateDirectories(run, ".partial-*", Everything).Any();
        }
        catch (DirectoryNotFoundException)
        {
            return false;   // not there yet, or renamed while it was looked at
        }
    }

    private static RunningChild Start(ResumeKind kind, TemporaryFolder folder, string run) =>
        Rlhf.Start(folder.Path, kind.Command, TinyExperiment.RecipeName, "--run", run, "--overwrite");

    // A process that was killed before it wrote its recipe left nothing to go on with: it is started anew, as its user would.
    private static RunningChild Resume(ResumeKind kind, TemporaryFolder folder, string run) =>
        File.Exists(folder.File(run, "run.json")) ? Rlhf.Start(folder.Path, kind.Command, "--resume", run) : Start(kind, folder, run);

    private static void AssertDone(RunningChild child)
    {
        using (child)
        {
            var result = child.WaitForEnd();
            Assert.True(result.ExitCode == 0, $"ended with {result.ExitCode}:\n{result.Output}\n{result.Error}");
        }
    }
}
