using RlhfSharp.Models.Tokenization;

namespace RlhfSharp.Training.Data;

/// <summary>A piece of a row in one of two forms: a string that the model reads as it is, or turns that a chat format writes out.</summary>
public sealed class Passage
{
    private readonly string? _text;
    private readonly IReadOnlyList<ChatMessage>? _messages;

    /// <summary>Initializes a passage of the standard form.</summary>
    /// <param name="text">The string.</param>
    public Passage(string text) => _text = text;

    /// <summary>Initializes a passage of the conversational form.</summary>
    /// <param name="messages">The turns, in order.</param>
    public Passage(IReadOnlyList<ChatMessage> messages) => _messages = messages;

    /// <summary>Gets a value indicating whether the passage consists of turns.</summary>
    public bool IsConversational => _messages is not null;

    /// <summary>Gets the string.</summary>
    /// <exception cref="InvalidOperationException">The passage is conversational.</exception>
    public string Text => _text ?? throw new InvalidOperationException("A conversational passage has turns, no text.");

    /// <summary>Gets the turns.</summary>
    /// <exception cref="InvalidOperationException">The passage is a string.</exception>
    public IReadOnlyList<ChatMessage> Messages => _messages ?? throw new InvalidOperationException("A standard passage has a text, no turns.");

    /// <summary>Gets a name that passages share which read the same: 32 hexadecimal digits, the same on every machine.</summary>
    public string Fingerprint => GroupHash.Of(this);

    /// <summary>Writes the passage without any sign of who speaks: turns follow each other on lines of their own.</summary>
    /// <returns>The text; a standard passage is what it is.</returns>
    public string ToPlainText() => _text ?? string.Join('\n', Messages.Select(message => message.Content));

    /// <summary>Gets a value indicating whether there is nothing to read: no turn, or no character that is not white space.</summary>
    internal bool IsBlank => _messages is null ? string.IsNullOrWhiteSpace(_text) : _messages.Count == 0;

    /// <summary>Tells whether two passages read the same.</summary>
    internal bool SameAs(Passage other) => IsConversational == other.IsConversational
        && (_messages is null ? _text == other._text : _messages.SequenceEqual(other._messages!));
}
