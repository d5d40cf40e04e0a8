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
    [InlineData("ultrarm", "Be brief.\n\nHuman: Hi\n\nAssistant: Hello\n\nHuman: Bye\n\nAssistant:")]
    [InlineData("ultrarm-card", "Be brief.\nHuman: Hi\nAssistant: Hello\nHuman: Bye\nAssistant:")]
    public void Render_UltraRm_IsWrittenAsPublished(string name, string expected)
    {
        var format = ChatFormats.Get(name);

        var segments = format.Render(Dialogue, addGenerationPrompt: true);

        Assert.Equal(expected, string.Concat(segments.Select(segment => segment.Text)));
        Assert.Contains("Hello", Assert.Single(segments, segment => segment.IsAnswer).Text, StringComparison.Ordinal);
    }

    [Fact]
    public void Render_QwenWithoutSystemTurn_HasTheUsualOne() =>
        Assert.StartsWith("<|im_start|>system\nYou are a helpful assistant.<|im_end|>\n", ChatFormats.Get("qwen").Render([new(ChatMessage.User, "Hi")])[0].Text, StringComparison.Ordinal);

    [Fact]
    public void Render_SystemTurnInTheMistralFormatWithoutOne_IsAnErrorThatSaysWhatToDo() => Assert.Equal(
        "Turn 1 has the role 'system', which the chat format mistral-2023 does not have: say it in the first question.",
        Assert.Throws<InputException>(() => ChatFormats.Get("mistral-2023").Render(Dialogue)).Message);

    [Theory]
    [InlineData("llama-2")]
    [InlineData("mistral")]
    public void Render_TwoQuestionsInARow_IsAnError(string name)
    {
        var exception = Assert.Throws<InputException>(() => ChatFormats.Get(name).Render([new(ChatMessage.User, "a"), new(ChatMessage.User, "b")]));
        Assert.Equal($"Turn 2 has the role 'user', and the chat format {name} has 'assistant' there: user and assistant take turns.", exception.Message);
    }

    // The models' own templates: ChatOracleTests. Other quotes, spaces and line breaks do not make them others.
    [Theory]
    [InlineData("chatml", "{%- for message in messages -%}\n  {{- \"<|im_start|>\"+message[\"role\"]+\"\\n\" + message[\"content\"] + \"<|im_end|>\\n\" -}}\n{%- endfor -%}\n{%- if add_generation_prompt -%}{{- \"<|im_start|>assistant\\n\" -}}{%- endif -%}")]
    [InlineData("llama-3", "{{bos_token}}{% for message in messages %}{{'<|start_header_id|>'+message['role']+'<|end_header_id|>\n\n'+message['content']|trim+'<|eot_id|>'}}{% endfor %}{%if add_generation_prompt%}{{'<|start_header_id|>assistant<|end_header_id|>\n\n'}}{%endif%}")]
    [InlineData("human-assistant", "{% for m in messages %}{{ ('\n\nHuman: ' if m.role == 'user' else '\n\nAssistant: ') + m.content }}{% endfor %}{% if add_generation_prompt %}{{ '\n\nAssistant:' }}{% endif %}")]
    public void Recognize_KnownTemplateInAnotherSpelling_IsFound(string name, string template) => Assert.Equal(name, ChatFormats.Recognize(template).Name);

    [Theory]
    [InlineData("{{ '<start_of_turn>' + role }}")]
    [InlineData("{% for message in messages %}{{ '<|im_start|>' + message['role'] + '\n' + message['content'] + '<|im_end|>' }}{% endfor %}{% if add_generation_prompt %}{{ '<|im_start|>assistant\n' }}{% endif %}")]
    [InlineData("{{ '<|start_header_id|>' '<|end_header_id|>' '<|eot_id|>' 'Cutting Knowledge Date: December 2023' }}")]
    [InlineData("{{ '<|im_start|>system\\nYou are Qwen, created by Alibaba Cloud. You are a helpful assistant.<|im_end|>' }}")]
    [InlineData("{{ '<|user|>\\n' + c + '<|end|>\\n<|assistant|>' + eos_token }}")]
    [InlineData("")]
    public void Recognize_OtherTemplate_AsksForAName(string template) =>
        Assert.Contains("Name the format. Allowed: chatml, human-assistant,", Assert.Throws<InputException>(() => ChatFormats.Recognize(template)).Message, StringComparison.Ordinal);

    [Fact]
    public void Recognize_TokenizerWhoseTextsEndOtherwise_IsAnErrorThatNamesBoth()
    {
        const string Template = "{{ bos_token }}{{ '[INST] ' + message['content'] + ' [/INST]' }}{{ message['content'] + eos_token }}";
        Assert.Equal("mistral-2023", ChatFormats.Recognize(Template, "</s>").Name);
        var message = Assert.Throws<InputException>(() => ChatFormats.Recognize(Template, "<|endoftext|>")).Message;
        Assert.Contains("texts end with '<|endoftext|>' instead of '</s>'", message, StringComparison.Ordinal);
    }
}
