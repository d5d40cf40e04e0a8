using RlhfSharp.Experiments.TinyWorld;

namespace RlhfSharp.Experiments.Tests.TinyWorld;

public sealed class ShippedWorldTests
{
    [Fact]   // a grammar that was changed without pretraining again gives another tokenizer
    public void Tokenizer_IsTheOneThatTheTextsOfTodayGive()
    {
        using var folder = TestFiles.NewFolder();
        TinyWorldData.CreateTokenizer(new TinyWorldDataOptions()).Save(folder.Path);

        var shipped = Path.Combine(TestFiles.RepositoryRoot, "models", "tiny-world", "dialogues", "tokenizer.json");
        Assert.Equal(File.ReadAllText(shipped), File.ReadAllText(folder.File("tokenizer.json")));
    }
}
