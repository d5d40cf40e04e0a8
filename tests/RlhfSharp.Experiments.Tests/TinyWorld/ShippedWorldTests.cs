using System.Security.Cryptography;
using RlhfSharp.Experiments.TinyWorld;

namespace RlhfSharp.Experiments.Tests.TinyWorld;

public sealed class ShippedWorldTests
{
    // Recipes and documented numbers depend on these weights. Other weights are another version: of the name, of docs/tiny-world.md and of all those numbers.
    [Theory]
    [InlineData("dialogues", "65CDDAA411D06FFF149C6098D5E72304E781DE2FBF3430652BB38CECFDFE8942")]
    [InlineData("judge", "0D1FF5A22FFC16A315F19CE446D996ACE140569F19EACC9B08461A151A682106")]
    public void Weights_AreThoseOfVersionTwo(string model, string hash)
    {
        using var file = File.OpenRead(Path.Combine(TestFiles.RepositoryRoot, "models", "tiny-world", model, "model.safetensors"));
        Assert.Equal(hash, Convert.ToHexString(SHA256.HashData(file)));
        Assert.InRange(file.Length, 1, 6_000_000);
    }

    [Fact]   // a grammar that was changed without pretraining again gives another tokenizer
    public void Tokenizer_IsTheOneThatTheTextsOfTodayGive()
    {
        using var folder = TestFiles.NewFolder();
        TinyWorldData.CreateTokenizer(new TinyWorldDataOptions()).Save(folder.Path);

        var shipped = Path.Combine(TestFiles.RepositoryRoot, "models", "tiny-world", "dialogues", "tokenizer.json");
        Assert.Equal(File.ReadAllText(shipped), File.ReadAllText(folder.File("tokenizer.json")));
    }
}
