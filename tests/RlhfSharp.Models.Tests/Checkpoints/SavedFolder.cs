using System.Text.Json.Nodes;
using RlhfSharp.Models.Checkpoints;
using static TorchSharp.torch;

namespace RlhfSharp.Models.Tests.Checkpoints;

/// <summary>A fixture's checkpoint in a folder of its own, where tests may damage it.</summary>
internal static class SavedFolder
{
    public static TemporaryFolder Copy(string fixture)
    {
        var folder = TestFiles.NewFolder(fixture);
        foreach (var file in new[] { ConfigFile.FileName, Checkpoint.WeightsFileName })
        {
            File.Copy(Path.Combine(ModelFixture.Named(fixture).Folder, file), folder.File(file));
        }
        return folder;
    }

    public static ConfigFile Config(string fixture) => ConfigFile.Read(ModelFixture.Named(fixture).Folder);

    /// <summary>Rewrites the weights after a change of names and tensors; null removes one; added ones hold three ones.</summary>
    public static void EditWeights(this TemporaryFolder folder, Func<string, Tensor, Tensor?> edit, params string[] added)
    {
        using var scope = NewDisposeScope();
        var tensors = new Dictionary<string, Tensor>();
        using (var reader = SafetensorsReader.Open(folder.File(Checkpoint.WeightsFileName)))
        {
            foreach (var name in reader.Entries.Keys)
            {
                if (edit(name, reader.Read(name)) is { } kept)
                {
                    tensors.Add(name, kept);
                }
            }
        }
        foreach (var name in added)
        {
            tensors.Add(name, ones(3));
        }
        SafetensorsWriter.Write(folder.File(Checkpoint.WeightsFileName), tensors);
    }

    public static JsonObject ReadJson(string path) => (JsonObject)JsonNode.Parse(File.ReadAllText(path))!;
}
