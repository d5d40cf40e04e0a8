using RlhfSharp.Models.Runtime;

namespace RlhfSharp.Models.Tokenization;

/// <summary>No markers at all: the contents of the turns, one behind the other. For texts that carry their own.</summary>
public sealed class PlainFormat : IChatFormat
{
    /// <inheritdoc/>
    public string Name => "plain";

    /// <inheritdoc/>
    public IReadOnlyList<string> StopStrings { get; } = [];

    /// <inheritdoc/>
    public IReadOnlyList<ChatSegment> Render(IReadOnlyList<ChatMessage> messages, bool addGenerationPrompt = false)
    {
        var segments = new SegmentWriter();
        for (var i = 0; i < messages.Count; i++)
        {
            var (role, content) = messages[i];
            if (role != ChatMessage.Assistant)
            {
                segments.AddContext(content);
            }
            else if (content.Length > 0)
            {
                segments.AddAnswer(content);
            }
            else
            {
                throw new InputException($"Turn {i + 1} is an empty answer; the chat format {Name} writes nothing for it.");
            }
        }
        return segments.ToSegments();
    }
}
