using RlhfSharp.Models.Runtime;

namespace RlhfSharp.Models.Tokenization;

/// <summary>The chat formats that recipes can name.</summary>
public static class ChatFormats
{
    private const string EndOfSequence = "</s>";   // of Llama 2, Mistral and Zephyr
    private const string QwenSystem = "You are a helpful assistant.";

    private static readonly IChatFormat[] All =
    [
        new HumanAssistantFormat(),
        new PlainFormat(),
        new MarkedFormat("chatml", "<|im_start|>{role}\n", "<|im_end|>", "\n"),
        new MarkedFormat("qwen", "<|im_start|>{role}\n", "<|im_end|>", "\n", QwenSystem),
        new MarkedFormat("llama-3", "<|start_header_id|>{role}<|end_header_id|>\n\n", "<|eot_id|>", string.Empty, beginsWithBos: true, trims: true),
        new MarkedFormat("zephyr", "<|{role}|>\n", "</s>", "\n"),
        new InstructionFormat("llama-2") { BeforeLater = "<s>", System = ("<<SYS>>\n", "\n<</SYS>>\n\n"), AfterAnswer = " </s>", Trims = true },
        new InstructionFormat("mistral") { BeforeFirst = " ", BeforeLater = " ", System = (string.Empty, "\n\n") },
        new InstructionFormat("mistral-2023") { BeforeAnswer = string.Empty },
        new UltraRmFormat("ultrarm", "\n\n"),
        new UltraRmFormat("ultrarm-card", "\n"),
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
    /// <param name="endOfSequence">The text of the tokenizer's token for the end of a text, which some templates write; null to take for granted that it is that
    /// of the format.</param>
    /// <returns>The format.</returns>
    /// <exception cref="InputException">The template is none of those that are known, or ends answers with another token than the format.</exception>
    public static IChatFormat Recognize(string template, string? endOfSequence = null)
    {
        var format = KnownTemplates.Find(template) is { } name ? Get(name)
            : throw new InputException($"The tokenizer's chat_template is none of those that are known. {AllowedNames}");
        if (endOfSequence is not null && format.StopStrings.Contains(EndOfSequence) && endOfSequence != EndOfSequence)
        {
            throw new InputException($"The tokenizer's chat_template is that of {format.Name}, but its texts end with '{endOfSequence}' instead of '{EndOfSequence}'. {AllowedNames}");
        }
        return format;
    }

    private static string AllowedNames => $"Name the format. Allowed: {string.Join(", ", Names.Order(StringComparer.Ordinal))}.";
}
