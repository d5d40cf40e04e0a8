using System.Text.Json;
using RlhfSharp.Models.Runtime;

namespace RlhfSharp.Experiments.Runs;

/// <summary>The facts about an experiment's data, kept in its folder so that the report can be made again without the data.</summary>
internal static class DataFacts
{
    private const string FileName = "data.json";
    private static readonly JsonSerializerOptions Format = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    public static void Write(string directory, IReadOnlyList<DataFact> facts) =>
        AtomicFile.WriteAllText(Path.Combine(directory, FileName), JsonSerializer.Serialize(facts, Format) + "\n");

    /// <exception cref="InputException">The run has not come to its end, or the file is broken.</exception>
    public static IReadOnlyList<DataFact> Read(string directory)
    {
        var path = Path.Combine(directory, FileName);
        try
        {
            return JsonSerializer.Deserialize<IReadOnlyList<DataFact>>(File.ReadAllText(path), Format)!;
        }
        catch (Exception exception) when (exception is IOException or JsonException)
        {
            throw new InputException($"'{path}' cannot be read: {exception.Message} A report can be made of a run that is done.", exception);
        }
    }
}
