using System.Text.RegularExpressions;

namespace RlhfSharp.Models.Tokenization;

/// <summary>Tells by what a Jinja template writes, and by nothing else that it might write, which of the formats it is.</summary>
/// <remarks>Templates are not run. Relatives with default words, dates or tools of their own, or with a blank more or less, are other formats: they stay unknown.</remarks>
internal static class KnownTemplates
{
    private const string ChatMl = @"'<|im_start|>' + message['role'] + '\n' + message['content'] + '<|im_end|>\n'";

    // What each must hold and must not hold, in the spelling of Simplify.
    private static readonly (string Name, string[] Holds, string[] Lacks)[] Templates =
    [
        ("qwen", [ChatMl, @"<|im_start|>system\nYou are a helpful assistant.<|im_end|>\n", Prompt(@"<|im_start|>assistant\n")], ["bos_token", "eos_token", "Alibaba", "<think>", "tool"]),
        ("chatml", [ChatMl, Prompt(@"<|im_start|>assistant\n")], ["bos_token", "eos_token", "<|im_start|>system", "You are", "<think>", "tool"]),
        (
            "llama-3",
            [
                @"'<|start_header_id|>' + message['role'] + '<|end_header_id|>\n\n' + message['content'] | trim + '<|eot_id|>'", "bos_token",
                Prompt(@"<|start_header_id|>assistant<|end_header_id|>\n\n"),
            ],
            ["Cutting Knowledge", "tool"]),
        (
            "llama-2",
            [
                "{{ bos_token + '[INST] ' + content.strip() + ' [/INST]' }}", "{{ ' ' + content.strip() + ' ' + eos_token }}",
                @"'<<SYS>>\n' + system_message + '\n<</SYS>>\n\n' + message['content']",
            ],
            ["system_message = '", "{{ bos_token }}"]),
        (
            "mistral",
            [
                @"{{ ' [INST] ' + system_message + '\n\n' + message['content'] + ' [/INST]' }}", "{{ ' [INST] ' + message['content'] + ' [/INST]' }}",
                "{{ ' ' + message['content'] + eos_token }}", "{{ bos_token }}",
            ],
            ["tool"]),
        (
            "mistral-2023",
            ["{{ bos_token }}", "{{ '[INST] ' + message['content'] + ' [/INST]' }}", "{{ message['content'] + eos_token }}"],
            ["system", "tool"]),
        (
            "zephyr",
            [
                @"{{ '<|user|>\n' + message['content'] + eos_token }}\n", @"{{ '<|system|>\n' + message['content'] + eos_token }}\n",
                @"{{ '<|assistant|>\n' + message['content'] + eos_token }}\n", @"{% if loop.last and add_generation_prompt %}\n{{ '<|assistant|>' }}\n",
            ],
            ["bos_token", "<|end|>", "[gMASK]"]),
        ("human-assistant", [@"\n\nHuman:", @"\n\nAssistant:"], ["eos_token"]),
    ];

    /// <summary>Finds the format of a template.</summary>
    /// <returns>Its name; null where it is none of those that are known.</returns>
    public static string? Find(string template)
    {
        var simple = Simplify(template);
        return Array.Find(Templates, entry => entry.Holds.All(Has) && !entry.Lacks.Any(Has)).Name;

        bool Has(string part) => simple.Contains(part, StringComparison.Ordinal);
    }

    private static string Prompt(string marker) => $"{{% if add_generation_prompt %}}{{{{ '{marker}' }}}}";

    // One spelling of what means the same: line breaks, quotes, spaces around operators and inside brackets, texts that are put together. What is left
    // different makes a template unknown, never another.
    private static string Simplify(string template)
    {
        var text = template.Replace("\r", string.Empty).Replace("\n", @"\n").Replace('"', '\'');
        text = Regex.Replace(text, @"(\\n|\s)*(\{[{%])-", "$2");
        text = Regex.Replace(text, @"-([}%]\})(\\n|\s)*", "$1");
        text = Regex.Replace(text, @"(?<=\{[{%])\s*(?=\S)", " ");
        text = Regex.Replace(text, @"(?<=\S)\s*(?=[}%]\})", " ");
        text = Regex.Replace(text, @"(?<=['\]a-z)])\s*([+|])\s*(?=['a-z])", " $1 ");
        return text.Replace("' + '", string.Empty, StringComparison.Ordinal);
    }
}
