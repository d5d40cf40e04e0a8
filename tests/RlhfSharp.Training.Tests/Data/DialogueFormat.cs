using RlhfSharp.Models.Runtime;
using RlhfSharp.Models.Tokenization;

namespace RlhfSharp.Training.Tests.Data;

/// <summary>Writes dialogues as Anthropic does; the markers may be shorter to keep tests readable.</summary>
internal sealed class DialogueFormat(string human = "\n\nHuman: ", string assistant = "\n\nAssistant: ") : IChatFormat
{
    public static DialogueFormat Short { get; } = new("U:", "A:");

    public string Name => "dialogue";

    public IReadOnlyList<string> StopStrings => [human];

    public IReadOnlyList<ChatSegment> Render(IReadOnlyList<ChatMessage> messages, bool addGenerationPrompt = false) =>
        [.. messages.SelectMany(message => message.Role switch
        {
            ChatMessage.User => [new ChatSegment(human + message.Content, IsAnswer: false)],
            ChatMessage.Assistant when assistant.Length == 0 => [new ChatSegment(message.Content, IsAnswer: true)],
            ChatMessage.Assistant => new ChatSegment[] { new(assistant, IsAnswer: false), new(message.Content, IsAnswer: true) },
            _ => throw new InputException($"There are no words for the role '{message.Role}'."),
        })];
}
