using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using RlhfSharp.Experiments.Runs;

namespace RlhfSharp.Experiments.Tests.Runs;

public sealed class ExperimentFolderTests
{
    [Fact]   // wherever a kill cuts this sequence, what is left can be overwritten, and is never taken for a run to resume
    public void Create_OverAnOldRun_RemovesItsFactsFirstAndItsRecipeNever()
    {
        using var folder = TestFiles.NewFolder();
        foreach (var name in new[] { "metrics.jsonl", "recipe.yaml", "report.html", "run.json" })
        {
            File.WriteAllText(folder.File(name), "{}");
        }
        Directory.CreateDirectory(folder.File("checkpoints"));
        var deleted = new BlockingCollection<string>();
        using var watcher = new FileSystemWatcher(folder.Path);
        watcher.Deleted += (_, change) => deleted.Add(change.Name!);
        watcher.EnableRaisingEvents = true;

        ExperimentFolder.Create(folder.Path, overwrite: true, "name: new\n", []).Dispose();

        var order = Enumerable.Range(0, 4).Select(_ => deleted.TryTake(out var name, TimeSpan.FromSeconds(30)) ? name : "nothing").ToList();
        Assert.Equal("run.json", order[0]);
        Assert.Equal(["checkpoints", "metrics.jsonl", "report.html", "run.json"], order.Order(StringComparer.Ordinal));
        Assert.Equal("name: new\n", File.ReadAllText(folder.File("recipe.yaml")));
        Assert.IsType<JsonObject>(JsonNode.Parse(File.ReadAllText(folder.File("run.json"))));
    }
}
