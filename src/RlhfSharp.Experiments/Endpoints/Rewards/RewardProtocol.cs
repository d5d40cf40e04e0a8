using System.Text.Json;
using System.Text.Json.Nodes;

namespace RlhfSharp.Experiments.Endpoints;

/// <summary>How one kind of server is asked for scores, and how its answer is read.</summary>
internal abstract class RewardProtocol
{
    /// <summary>Gets what is added to the server's address.</summary>
    public abstract string Path { get; }

    /// <summary>Gets whether prompt and answer can be sent as a pair.</summary>
    public virtual bool TakesPairs => false;

    public static RewardProtocol Of(RewardEndpointKind kind) => kind switch
    {
        RewardEndpointKind.VllmPooling => new VllmProtocol("/pooling", "data"),
        RewardEndpointKind.VllmClassify => new VllmProtocol("/classify", "probs"),
        RewardEndpointKind.TextEmbeddingsInference => new TextEmbeddingsInferenceProtocol(),
        _ => new OpenRlhfProtocol(),
    };

    /// <summary>Writes a request.</summary>
    /// <param name="model">The model's name; null where none was given.</param>
    /// <param name="texts">What is to be scored.</param>
    /// <param name="asPairs">Whether prompt and answer go apart.</param>
    public abstract JsonObject Ask(string? model, IReadOnlyList<RewardText> texts, bool asPairs);

    /// <summary>Reads an answer.</summary>
    /// <param name="answer">What the server sent.</param>
    /// <returns>The scores in the order of the request.</returns>
    /// <exception cref="FormatException">It is something else; so are the exceptions of <see cref="JsonElement"/>.</exception>
    public abstract IReadOnlyList<double> Read(JsonElement answer);

    /// <summary>Makes a list of whole texts.</summary>
    protected static JsonArray Wholes(IEnumerable<RewardText> texts) => new([.. texts.Select(text => JsonValue.Create(text.Whole))]);

    /// <summary>Reads the only number of a list, or of the last of several lists: a score per token ends with that of the text.</summary>
    protected static double Single(JsonElement value)
    {
        while (value.ValueKind == JsonValueKind.Array && value.GetArrayLength() > 0)
        {
            var last = value[value.GetArrayLength() - 1];
            if (last.ValueKind == JsonValueKind.Number && value.GetArrayLength() > 1)
            {
                throw new FormatException($"{value.GetArrayLength()} scores came for one text; a reward model gives one");
            }
            value = last;
        }
        return value.GetDouble();
    }
}
