using RlhfSharp.Models.Checkpoints;
using RlhfSharp.Models.Runtime;
using RlhfSharp.Training.Runs;

namespace RlhfSharp.Training.Tests.Runs;

public sealed class ContentStoreTests
{
    [Fact]
    public void GetOrAdd_SameContent_IsComputedOnce()
    {
        using var folder = TestFiles.NewFolder();
        var calls = 0;
        float[] Compute()
        {
            calls++;
            return [1f / 3, -0f, float.MaxValue];
        }

        var first = Get(folder.Path, "a", Compute);
        var second = Get(folder.Path, "a", Compute);
        var other = Get(folder.Path, "b", Compute);

        Assert.Equal(2, calls);
        Assert.Equal(first.Select(BitConverter.SingleToInt32Bits), second.Select(BitConverter.SingleToInt32Bits));
        Assert.Equal(first, other);
        Assert.Equal(2, Directory.GetFiles(folder.Path).Length);
    }

    [Fact]
    public void GetOrAdd_SeveralAtOnce_AllGetIt()
    {
        using var folder = TestFiles.NewFolder();
        using var together = new Barrier(4);
        var found = new float[4][];
        var threads = Enumerable.Range(0, 4).Select(index => new Thread(() => found[index] = Get(folder.Path, "a", () =>
        {
            together.SignalAndWait();   // none has kept it when the last begins
            return [1, 2, 3];
        }))).ToList();
        threads.ForEach(thread => thread.Start());
        threads.ForEach(thread => thread.Join());

        Assert.All(found, values => Assert.Equal([1, 2, 3], values));
        Assert.Single(Directory.GetFiles(folder.Path));
    }

    [Theory]
    [InlineData("[1, 2")]
    [InlineData("null")]
    [InlineData("""{"a": 1}""")]
    public void GetOrAdd_SpoiledFile_IsNamed(string content)
    {
        using var folder = TestFiles.NewFolder();
        Get(folder.Path, "a", () => [1]);
        var file = Assert.Single(Directory.GetFiles(folder.Path));
        File.WriteAllText(file, content);

        var error = Assert.Throws<InputException>(() => Get(folder.Path, "a", () => [1]));

        Assert.Contains(file, error.Message, StringComparison.Ordinal);
        Assert.Contains("Remove it", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void RemoveLeftovers_HalfWrittenFile_IsGoneAndTheOthersStay()
    {
        using var folder = TestFiles.NewFolder();
        var store = new ContentStore(folder.File("cache"));
        store.RemoveLeftovers();   // before anything was kept
        Get(folder.File("cache"), "a", () => [1]);
        File.WriteAllText(folder.File("cache", "numbers-b.json.0.tmp"), "[1");

        store.RemoveLeftovers();

        Assert.EndsWith(".json", Assert.Single(Directory.GetFiles(folder.File("cache"))), StringComparison.Ordinal);
    }

    private static float[] Get(string folder, string content, Func<float[]> compute)
    {
        using var hash = new ContentHash().Add(content);
        return new ContentStore(folder).GetOrAdd("numbers", hash, compute);
    }
}
