using RlhfSharp.Models.Runtime;

namespace RlhfSharp.Models.Tokenization;

/// <summary>Reads the <c>post_processor</c> of a <c>tokenizer.json</c>.</summary>
internal static class PostProcessorReader
{
    /// <summary>Reads it.</summary>
    /// <returns>What it puts around texts; null for nothing.</returns>
    public static SpecialTokenTemplate? Read(JsonPart json)
    {
        SpecialTokenTemplate? found = null;
        foreach (var part in json.Flatten("processors"))
        {
            var template = ReadOne(part);
            found = template is null || found is null ? template ?? found
                : throw part.Error("is the second of two that add special tokens, which is not implemented");
        }
        return found;
    }

    private static SpecialTokenTemplate? ReadOne(JsonPart part)
    {
        switch (part.Get("type").Text())
        {
            case "ByteLevel":   // only says which spaces count as a part of a token's place
                return null;
            case "BertProcessing":
                var (cls, sep) = (Named(part, "cls"), Named(part, "sep"));
                return new([cls, null, sep], [cls, null, sep, null, sep]);
            case "RobertaProcessing":
                (cls, sep) = (Named(part, "cls"), Named(part, "sep"));
                return new([cls, null, sep], [cls, null, sep, sep, null, sep]);
            case "TemplateProcessing":
                return new(ReadTemplate(part, "single", ["A"]), ReadTemplate(part, "pair", ["A", "B"]));
            case var other:
                throw part.Get("type").Error($"is '{other}', which is not implemented; "
                    + "implemented are BertProcessing, ByteLevel, RobertaProcessing, Sequence and TemplateProcessing");
        }
    }

    // A token and its id: ["[CLS]", 101].
    private static int Named(JsonPart part, string name) =>
        part.Get(name).Items() is [_, var id] ? id.Id() : throw part.Get(name).Error("is no pair of a token and its id");

    private static List<int?> ReadTemplate(JsonPart part, string name, string[] texts)
    {
        var (template, next) = (new List<int?>(), 0);
        foreach (var item in part.Get(name).Items())
        {
            if (item.Find("Sequence") is { } sequence)
            {
                var text = sequence.Get("id").Text();
                template.Add(next < texts.Length && text == texts[next++] ? null : throw OrderError(part.Get(name), texts));
                continue;
            }
            var token = item.Find("SpecialToken") is { } special ? special.Get("id") : throw item.Error("is neither a SpecialToken nor a Sequence");
            var ids = part.Get("special_tokens").Find(token.Text()) ?? throw token.Error($"is '{token.Text()}', which special_tokens lacks");
            template.AddRange(ids.Get("ids").Items().Select(id => (int?)id.Id()));
        }
        return next == texts.Length ? template : throw OrderError(part.Get(name), texts);
    }

    private static InputException OrderError(JsonPart template, string[] texts) =>
        template.Error($"does not hold {(texts.Length == 1 ? "the sequence A once" : "the sequences A and B once each, in this order")}");
}
