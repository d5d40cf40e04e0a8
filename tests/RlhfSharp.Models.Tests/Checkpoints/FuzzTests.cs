using System.Globalization;
using System.Text;
using RlhfSharp.Models.Architectures;
using RlhfSharp.Models.Checkpoints;
using RlhfSharp.Models.Runtime;
using RlhfSharp.Models.Tests.Fuzzing;
using static TorchSharp.torch;

namespace RlhfSharp.Models.Tests.Checkpoints;

/// <summary>Damaged files by the thousand: each is read or refused by a message that names it.</summary>
public sealed class FuzzTests
{
    [Fact]
    public void Safetensors_Damaged_IsReadOrRefused() => Fuzz("x.safetensors", SafetensorsBytes.Small, path =>
    {
        using var scope = NewDisposeScope();
        using var reader = SafetensorsReader.Open(path);
        foreach (var name in reader.Entries.Keys)
        {
            reader.Read(name, ScalarType.Float32, CPU);
        }
    });

    [Theory]
    [InlineData("llama3_rope")]
    [InlineData("deberta_v3")]
    public void Config_Damaged_IsReadOrRefused(string fixture) => Fuzz(
        ConfigFile.FileName,
        File.ReadAllBytes(Path.Combine(ModelFixture.Named(fixture).Folder, ConfigFile.FileName)),
        path => ArchitectureRegistry.Read(ConfigFile.Read(Path.GetDirectoryName(path)!)).LayerCount.ToString(CultureInfo.InvariantCulture),
        share: 2);

    [Fact]
    public void Index_Damaged_IsReadOrRefused() => Fuzz(
        Checkpoint.IndexFileName,
        """{"metadata":{"total_size":8},"weight_map":{"a":"x.safetensors","b":"x.safetensors"}}"""u8.ToArray(),
        path =>
        {
            WriteOnce(Path.Combine(Path.GetDirectoryName(path)!, "x.safetensors"), SafetensorsBytes.Small);
            using var files = WeightFiles.Open(Path.GetDirectoryName(path)!);
        });

    [Fact]
    public void AdapterConfig_Damaged_IsReadOrRefused()
    {
        using var scope = NewDisposeScope();
        using var model = ModelFixture.Named("llama").LoadModel();
        var weights = Array.Empty<byte>();
        using (var folder = TestFiles.NewFolder())
        {
            model.Attach(RlhfSharp.Models.Adapters.LoraAdapter.Create(model.Config, new() { Rank = 1, Targets = ["q_proj"] }, isClassifier: false, ModelFixture.Named("llama").Folder, 0, ScalarType.Float32, CPU));
            Checkpoint.Save(model, folder.Path);
            weights = File.ReadAllBytes(folder.File("adapter_model.safetensors"));
            Fuzz("adapter_config.json", File.ReadAllBytes(folder.File("adapter_config.json")), path =>
            {
                WriteOnce(Path.Combine(Path.GetDirectoryName(path)!, "adapter_model.safetensors"), weights);
                Checkpoint.Load(Path.GetDirectoryName(path)!, ScalarType.Float32, CPU).Dispose();
            }, share: 8);
        }
    }

    private static void Fuzz(string name, byte[] whole, Action<string> read, int share = 1)
    {
        using var folder = TestFiles.NewFolder();
        var path = folder.File(name);
        for (var i = 0; i < FuzzCases.PerKind / share; i++)
        {
            var damaged = DamagedBytes.Make(whole, new NamedRandom(0, $"fuzz/{name}", i));
            File.WriteAllBytes(path, damaged);
            try
            {
                read(path);
            }
            catch (InputException exception)
            {
                Assert.False(string.IsNullOrWhiteSpace(exception.Message));
            }
            catch (Exception exception) when (exception is not InputException)
            {
                Assert.Fail($"Case {i} of {name} ends in {exception}\n{Encoding.Latin1.GetString(damaged)}");
            }
        }
    }

    private static void WriteOnce(string path, byte[] bytes)
    {
        if (!File.Exists(path))
        {
            File.WriteAllBytes(path, bytes);
        }
    }
}
