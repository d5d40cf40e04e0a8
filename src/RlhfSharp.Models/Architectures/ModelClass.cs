using System.Text.Json.Nodes;
using RlhfSharp.Models.Checkpoints;

namespace RlhfSharp.Models.Architectures;

/// <summary>Hugging Face's class of a model, the first that <c>architectures</c> names.</summary>
internal static class ModelClass
{
    /// <summary>UltraRM's own class: a Llama with a matrix <c>regression_head</c>.</summary>
    public const string UltraRm = "LlamaRewardModel";

    private static readonly (string Ending, ModelTask Task)[] Endings =
    [
        ("ForCausalLM", ModelTask.LanguageModel),
        ("LMHeadModel", ModelTask.LanguageModel),
        ("ForSequenceClassification", ModelTask.SequenceClassification),
        (UltraRm, ModelTask.SequenceClassification),
    ];

    /// <summary>Gets the class; null when the configuration names none.</summary>
    public static string? Of(ConfigFile file) => file.Json["architectures"] is JsonArray { Count: > 0 } names ? names[0]?.ToString() : null;

    /// <summary>Names the class of a model whose configuration names none.</summary>
    public static string Of(TransformerModel model) => model is SequenceClassifier ? $"{model.Config.ClassStem}ForSequenceClassification"
        : model.Config is Gpt2Config ? $"{model.Config.ClassStem}LMHeadModel"
        : $"{model.Config.ClassStem}ForCausalLM";

    /// <summary>Tells what the class is for.</summary>
    /// <exception cref="UnsupportedModelException">It is for something that is not implemented.</exception>
    public static ModelTask Task(ConfigFile file)
    {
        if (Of(file) is not { } name)
        {
            return ModelTask.Unknown;
        }
        var task = Endings.FirstOrDefault(entry => name.EndsWith(entry.Ending, StringComparison.Ordinal)).Task;
        return task != ModelTask.Unknown ? task : throw file.Unsupported("architectures",
            $"is '{name}', which is not implemented; only {string.Join(", ", Endings.Select(entry => entry.Ending == UltraRm ? UltraRm : $"…{entry.Ending}"))} are");
    }

    /// <summary>Writes the class of a classifier into a configuration that was a language model's.</summary>
    public static void MakeClassifier(JsonObject config, int labelCount)
    {
        var name = config["architectures"] is JsonArray { Count: > 0 } names ? names[0]!.ToString() : string.Empty;
        foreach (var ending in Endings.Where(entry => entry.Task == ModelTask.LanguageModel).Select(entry => entry.Ending))
        {
            if (name.EndsWith(ending, StringComparison.Ordinal))
            {
                name = $"{name[..^ending.Length]}ForSequenceClassification";
            }
        }
        if (name.Length > 0)
        {
            config["architectures"] = new JsonArray(name);
        }
        config["id2label"] = new JsonObject(Enumerable.Range(0, labelCount).Select(label => KeyValuePair.Create(Text(label), (JsonNode?)$"LABEL_{label}")));
        config["label2id"] = new JsonObject(Enumerable.Range(0, labelCount).Select(label => KeyValuePair.Create($"LABEL_{label}", (JsonNode?)label)));
        config.Remove("num_labels");

        static string Text(int number) => number.ToString(System.Globalization.CultureInfo.InvariantCulture);
    }
}
