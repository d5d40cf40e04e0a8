using RlhfSharp.Models.Runtime;

namespace RlhfSharp.Models.Tokenization;

/// <summary>The chat formats that recipes can name.</summary>
public static class ChatFormats
{
    private const string QwenSystem = "You are a helpful assistant.";

    private static readonly IChatFormat[] All =
    [
        new HumanAssistantFormat(),
        new PlainFormat(),
        new MarkedFormat("chatml", "<|im_start|>{role}\n", "<|im_end|>", "\n"),
        new MarkedFormat("qwen", "<|im_start|>{role}\n", "<|im_end|>", "\n", QwenSystem),
        new MarkedFormat("llama-3", "<|start_header_id|>{role}<|end_header_id|>\n\n", "<|eot_id|>", string.Empty, beginsWithBos: true),
        new MarkedFormat("zephyr", "<|{role}|>\n", "</s>", "\n"),
        new InstructionFormat("llama-2", "<s>", " </s>", "<<SYS>>\n", "\n<</SYS>>\n\n"),
        new InstructionFormat("mistral", string.Empty, "</s>", string.Empty, "\n\n"),
        new UltraRmFormat("ultrarm", "\n\n"),
        new UltraRmFormat("ultrarm-card", "\n"),
    ];

    // What a template must hold and must not hold to be one of ours. Relatives with other words, dates or tools of their own stay unknown.
    private static readonly (string Name, string[] Holds, string[] Lacks)[] Templates =
    [
        ("qwen", ["<|im_start|>", "<|im_end|>", QwenSystem], ["Alibaba", "<think>"]),
        ("chatml", ["<|im_start|>", "<|im_end|>"], ["You are", "<think>"]),
        ("llama-3", ["<|start_header_id|>", "<|end_header_id|>", "<|eot_id|>"], ["Cutting Knowledge"]),
        ("llama-2", ["[INST]", "[/INST]", "<<SYS>>"], []),
        ("mistral", ["[INST]", "[/INST]"], ["<<SYS>>", "[AVAILABLE_TOOLS]"]),
        ("zephyr", ["<|user|>", "<|assistant|>", "eos_token"], ["<|end|>", "[gMASK]"]),
        ("human-assistant", ["\\n\\nHuman:", "\\n\\nAssistant:"], []),
    ];

    /// <summary>Gets the names of all formats.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. All.Select(format => format.Name)];

    /// <summary>Finds a format.</summary>
    /// <param name="name">One of <see cref="Names"/>.</param>
    /// <returns>The format.</returns>
    /// <exception cref="InputException">There is no such format.</exception>
    public static IChatFormat Get(string name) => Array.Find(All, format => format.Name == name)
        ?? throw new InputException($"There is no chat format '{name}'. {NearestName.Hint(name, Names)}");

    /// <summary>Finds the format that a tokenizer's <c>chat_template</c> describes.</summary>
    /// <param name="template">A Jinja template; it is looked at, not run.</param>
    /// <returns>The format.</returns>
    /// <exception cref="InputException">The template is none of those that are known.</exception>
    public static IChatFormat Recognize(string template)
    {
        bool Has(string part) => template.Contains(part, StringComparison.Ordinal);
        var known = Array.Find(Templates, entry => entry.Holds.All(Has) && !entry.Lacks.Any(Has));
        return known.Name is not null
            ? Get(known.Name)
            : throw new InputException($"The tokenizer's chat_template is none of those that are known. Name the format. Allowed: {string.Join(", ", Names.Order(StringComparer.Ordinal))}.");
    }
}
