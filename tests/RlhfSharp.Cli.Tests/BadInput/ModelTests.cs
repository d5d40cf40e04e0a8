using RlhfSharp.Cli.Tests.Support;

namespace RlhfSharp.Cli.Tests.BadInput;

[NoTensorLeak]
public sealed class ModelTests(EarlierRun earlier) : IClassFixture<EarlierRun>
{
    [Fact]
    public void Train_CheckpointIsMissing_NamesIt() =>
        Refused(earlier.File("nowhere"), $"'{earlier.File("nowhere")}'");

    [Fact]   // as the recipes do that go on from another recipe's run
    public void Train_RunToStartFromIsMissing_SaysWhichRecipeMakesIt() =>
        Refused("runs/random-walks-never", "There is no run 'runs/random-walks-never'. A run is made by 'rlhf train'; this one, if it has the usual name, by: rlhf train recipes/random-walks-never.yaml");

    [Fact]
    public void Train_WeightsAreMissing_NamesTheFile()
    {
        var model = CopyOfModel();
        File.Delete(Path.Combine(model, "model.safetensors"));
        Refused(model, "has no model.safetensors and no model.safetensors.index.json.");
    }

    [Theory]
    [InlineData(0.6)]
    [InlineData(0.001)]
    [InlineData(0)]
    public void Train_WeightsAreCutShort_SaysSo(double kept)
    {
        var model = CopyOfModel();
        using (var file = new FileStream(Path.Combine(model, "model.safetensors"), FileMode.Open))
        {
            file.SetLength((long)(file.Length * kept));
        }
        Refused(model, "model.safetensors' is cut short");
    }

    [Fact]
    public void Train_TokenizerOfAnotherModel_TellsBothSizes()
    {
        using var folder = TestFiles.NewFolder();
        Refused(TinyExperiment.WriteCheckpoint(folder, vocabularySize: 100), "has 280 ids, the model knows 100 (vocab_size).");
    }

    [Fact]
    public void Train_TokenizerIsMissing_SaysWhatIsLookedFor()
    {
        var model = CopyOfModel();
        File.Delete(Path.Combine(model, "tokenizer.json"));
        Refused(model, "tokenizer.json");
    }

    private string CopyOfModel()
    {
        var copy = earlier.File("copy");
        Directory.CreateDirectory(copy);
        foreach (var file in Directory.GetFiles(earlier.Model))
        {
            File.Copy(file, Path.Combine(copy, Path.GetFileName(file)), overwrite: true);
        }
        return copy;
    }

    private void Refused(string model, string message) =>
        earlier.AssertRefused(Rlhf.Run("train", earlier.WriteRecipe(model), "--run", earlier.Directory, "--overwrite"), message);
}
