using System.Security.Cryptography;
using RlhfSharp.Experiments.TinyWorld;

namespace RlhfSharp.Experiments.Tests.TinyWorld;

public sealed class ShippedWorldTests
{
    // Recipes and documented numbers depend on these weights. Other weights are another version: of the name, of docs/tiny-world.md and of all those numbers.
    [Theory]
    [InlineData("dialogues", "65CDDAA411D06FFF149C6098D5E72304E781DE2FBF3430652BB38CECFDFE8942")]
    [InlineData("judge", "0D1FF5A22FFC16A315F19CE446D996ACE140569F19EACC9B08461A151A682106")]
    [InlineData("taste", "55087665D7E1B95B571D7B2CFB6B7A10486919035F145669959193B9DE125051")]
    [InlineData("small", "4B8D7BD90F5C3562282B0CAC9DD3FF64BC7417C541974F222DD744151739E326")]
    [InlineData("gold", "3C0F92A5AF488E36655160CBFF64CB5B919E741EB381C7FE2C38D2B2C0944427")]
    [InlineData("poems", "521712512F231F4153C1FA2D60C766142F967DD7DABE3F7B3DBF0C32AD98CE9F")]
    public void Weights_AreThoseOfVersionTwo(string model, string hash)
    {
        using var file = File.OpenRead(Path.Combine(TestFiles.RepositoryRoot, "models", "tiny-world", model, "model.safetensors"));
        Assert.Equal(hash, Convert.ToHexString(SHA256.HashData(file)));
        Assert.InRange(file.Length, 1, 6_000_000);
    }

    [Theory]   // a grammar that was changed without pretraining again gives another tokenizer
    [InlineData("dialogues", TextWorldKind.Dialogues, 2048)]
    [InlineData("small", TextWorldKind.Dialogues, 2048)]
    [InlineData("gold", TextWorldKind.Dialogues, 2048)]
    [InlineData("poems", TextWorldKind.Poems, 1536)]
    public void Tokenizer_IsTheOneThatTheTextsOfTodayGive(string model, TextWorldKind world, int vocabularySize)
    {
        using var folder = TestFiles.NewFolder();
        TinyWorldData.CreateTokenizer(new TinyWorldDataOptions { World = world, VocabularySize = vocabularySize }).Save(folder.Path);

        var shipped = Path.Combine(TestFiles.RepositoryRoot, "models", "tiny-world", model, "tokenizer.json");
        Assert.Equal(File.ReadAllText(shipped), File.ReadAllText(folder.File("tokenizer.json")));
    }
}
