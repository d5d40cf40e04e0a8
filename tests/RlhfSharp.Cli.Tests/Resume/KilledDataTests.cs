using RlhfSharp.Cli.Tests.Support;

namespace RlhfSharp.Cli.Tests.Resume;

/// <summary>A data set that a language model writes, killed and gone on with, is that of an uninterrupted run, and nothing recorded is asked twice.</summary>
public sealed class KilledDataTests
{
    [Fact]
    public void Resume_KilledInTheMiddle_FilesEqualThoseOfAnUninterruptedRun()
    {
        using var folder = TestFiles.NewFolder();
        using var server = new FakeEndpoint(request => FakeReply.Of(ScriptedModel.Answer(request.Question)) with { Delay = TimeSpan.FromMilliseconds(5) });
        string[] options = ["--endpoint", server.Url, "--endpoint-model", "fake", "--topics", "2", "--pairs-per-topic", "4", "--dialogues-per-pair", "4", "--concurrency", "3"];
        Assert.Equal(ExitCodes.Done, Rlhf.Run(["data", "pink-elephants", "--out", folder.File("whole"), .. options]).ExitCode);
        var asked = server.Requests.Count;

        using (var killed = Rlhf.Start(folder.Path, ["data", "pink-elephants", "--out", "cut", .. options]))
        {
            // Some requests are answered, some are under way.
            Assert.True(killed.WaitUntil(() => server.Requests.Count >= asked + 25));
            killed.Kill();
        }
        using (var resumed = Rlhf.Start(folder.Path, "data", "pink-elephants", "--out", "cut", "--resume"))
        {
            var result = resumed.WaitForEnd();
            Assert.True(result.ExitCode == ExitCodes.Done, result.Error);
        }

        foreach (var file in Directory.GetFiles(folder.File("whole")).Select(Path.GetFileName).Where(name => name != "transcript.jsonl"))
        {
            Assert.Equal(File.ReadAllText(folder.File("whole", file!)), File.ReadAllText(folder.File("cut", file!)));
        }
        Assert.Equal(Directory.GetFiles(folder.File("whole")).Length, Directory.GetFiles(folder.File("cut")).Length);
        Assert.Equal(asked, File.ReadLines(folder.File("cut", "transcript.jsonl")).Count());
        // Asked again were at most those that were under way.
        Assert.InRange(server.Requests.Count, 2 * asked, 2 * asked + 3);
    }
}
