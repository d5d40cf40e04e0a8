using RlhfSharp.Models.Runtime;
using RlhfSharp.Models.Tokenization;

namespace RlhfSharp.Models.Tests.Tokenization;

public sealed class ChatTemplateTests
{
    private static readonly ChatMessage[] Dialogue =
    [
        new(ChatMessage.System, "Be brief."), new(ChatMessage.User, "Hi"), new(ChatMessage.Assistant, "Hello"), new(ChatMessage.User, "Bye"),
    ];

    [Theory]
    [InlineData("chatml", "<|im_start|>system\nBe brief.<|im_end|>\n<|im_start|>user\nHi<|im_end|>\n<|im_start|>assistant\nHello<|im_end|>\n<|im_start|>user\nBye<|im_end|>\n<|im_start|>assistant\n")]
    [InlineData("qwen", "<|im_start|>system\nBe brief.<|im_end|>\n<|im_start|>user\nHi<|im_end|>\n<|im_start|>assistant\nHello<|im_end|>\n<|im_start|>user\nBye<|im_end|>\n<|im_start|>assistant\n")]
    [InlineData("llama-3", "<|start_header_id|>system<|end_header_id|>\n\nBe brief.<|eot_id|><|start_header_id|>user<|end_header_id|>\n\nHi<|eot_id|>"
        + "<|start_header_id|>assistant<|end_header_id|>\n\nHello<|eot_id|><|start_header_id|>user<|end_header_id|>\n\nBye<|eot_id|><|start_header_id|>assistant<|end_header_id|>\n\n")]
    [InlineData("zephyr", "<|system|>\nBe brief.</s>\n<|user|>\nHi</s>\n<|assistant|>\nHello</s>\n<|user|>\nBye</s>\n<|assistant|>\n")]
    [InlineData("llama-2", "[INST] <<SYS>>\nBe brief.\n<</SYS>>\n\nHi [/INST] Hello </s><s>[INST] Bye [/INST]")]
    [InlineData("mistral", "[INST] Be brief.\n\nHi [/INST] Hello</s>[INST] Bye [/INST]")]
    [InlineData("ultrarm", "Be brief.\n\nHuman: Hi\n\nAssistant: Hello\n\nHuman: Bye\n\nAssistant:")]
    [InlineData("ultrarm-card", "Be brief.\nHuman: Hi\nAssistant: Hello\nHuman: Bye\nAssistant:")]
    public void Render_Dialogue_IsWrittenAsThePublishedTemplateDoes(string name, string expected)
    {
        var format = ChatFormats.Get(name);

        var segments = format.Render(Dialogue, addGenerationPrompt: true);

        Assert.Equal(expected, string.Concat(segments.Select(segment => segment.Text)));
        Assert.Contains("Hello", Assert.Single(segments, segment => segment.IsAnswer).Text, StringComparison.Ordinal);
    }

    [Fact]
    public void Render_QwenWithoutSystemTurn_HasTheUsualOne() =>
        Assert.StartsWith("<|im_start|>system\nYou are a helpful assistant.<|im_end|>\n", ChatFormats.Get("qwen").Render([new(ChatMessage.User, "Hi")])[0].Text, StringComparison.Ordinal);

    [Theory]
    [InlineData("llama-2")]
    [InlineData("mistral")]
    public void Render_TwoQuestionsInARow_IsAnError(string name)
    {
        var exception = Assert.Throws<InputException>(() => ChatFormats.Get(name).Render([new(ChatMessage.User, "a"), new(ChatMessage.User, "b")]));
        Assert.Equal($"Turn 2 has the role 'user', and the chat format {name} has 'assistant' there: user and assistant take turns.", exception.Message);
    }

    [Theory]
    [InlineData("chatml", "{% for m in messages %}{{'<|im_start|>' + m['role'] + '\\n' + m['content'] + '<|im_end|>' + '\\n'}}{% endfor %}")]
    [InlineData("qwen", "{% if messages[0]['role'] != 'system' %}{{ '<|im_start|>system\\nYou are a helpful assistant.<|im_end|>\\n' }}{% endif %}")]
    [InlineData("llama-3", "{{ '<|start_header_id|>' + m['role'] + '<|end_header_id|>\\n\\n' + m['content'] | trim + '<|eot_id|>' }}")]
    [InlineData("llama-2", "{{ bos_token + '[INST] ' + '<<SYS>>\\n' + s + '\\n<</SYS>>\\n\\n' + c + ' [/INST]' }}")]
    [InlineData("mistral", "{{ bos_token }}{{ '[INST] ' + m['content'] + ' [/INST]' }}{{ m['content'] + eos_token }}")]
    [InlineData("zephyr", "{{ '<|user|>\\n' + m['content'] + eos_token }}{{ '<|assistant|>\\n' }}")]
    public void Recognize_KnownTemplate_IsFound(string name, string template) => Assert.Equal(name, ChatFormats.Recognize(template).Name);

    [Theory]
    [InlineData("{{ '<start_of_turn>' + role }}")]
    [InlineData("{{ '<|start_header_id|>' '<|end_header_id|>' '<|eot_id|>' 'Cutting Knowledge Date: December 2023' }}")]
    [InlineData("{{ '<|im_start|>system\\nYou are Qwen, created by Alibaba Cloud. You are a helpful assistant.<|im_end|>' }}")]
    [InlineData("{{ '<|user|>\\n' + c + '<|end|>\\n<|assistant|>' + eos_token }}")]
    [InlineData("")]
    public void Recognize_OtherTemplate_AsksForAName(string template) =>
        Assert.Contains("Name the format. Allowed: chatml, human-assistant,", Assert.Throws<InputException>(() => ChatFormats.Recognize(template)).Message, StringComparison.Ordinal);
}
