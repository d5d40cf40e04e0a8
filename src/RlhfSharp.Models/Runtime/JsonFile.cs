using System.Text.Json;
using System.Text.Json.Nodes;

namespace RlhfSharp.Models.Runtime;

/// <summary>Reads small JSON files that may come from anywhere.</summary>
internal static class JsonFile
{
    private const long LargestFile = 64 << 20;   // an index of a hundred thousand tensors takes a tenth of that

    // Which of two values of one key holds is anybody's guess.
    private static readonly JsonDocumentOptions Strict = new() { MaxDepth = 32, AllowDuplicateProperties = false };

    /// <summary>Reads a file that holds an object.</summary>
    /// <exception cref="InputException">The file cannot be read, is very large, or is something else.</exception>
    public static JsonObject ReadObject(string path)
    {
        try
        {
            if (new FileInfo(path).Length > LargestFile)
            {
                throw new InputException($"'{path}' is larger than {LargestFile >> 20} MB, which no such file is.");
            }
            var json = JsonNode.Parse(File.ReadAllText(path), documentOptions: Strict);
            ReadAll(json);
            return json as JsonObject ?? throw new InputException($"'{path}' holds no JSON object.");
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            throw new InputException($"'{path}' is not valid JSON: {exception.Message}", exception);
        }
        catch (Exception exception) when (FileErrors.Is(exception))
        {
            throw new InputException($"'{path}' could not be read: {FileErrors.Describe(exception)}", exception);
        }
    }

    // Texts are decoded only when they are asked for; what cannot be decoded must show here, not somewhere later.
    private static void ReadAll(JsonNode? node)
    {
        switch (node)
        {
            case JsonObject members:
                foreach (var (_, value) in members)
                {
                    ReadAll(value);
                }
                break;
            case JsonArray items:
                foreach (var item in items)
                {
                    ReadAll(item);
                }
                break;
            case JsonValue value when value.GetValueKind() == JsonValueKind.String:
                _ = value.GetValue<string>();
                break;
        }
    }
}
