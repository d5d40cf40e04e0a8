namespace RlhfSharp.Models.Tokenization;

/// <summary>Writes out as tokens what a model reads before it answers.</summary>
/// <param name="tokenizer">The model's.</param>
/// <param name="format">How dialogues are written out; null where there are only texts.</param>
public sealed class PromptEncoder(Tokenizer tokenizer, IChatFormat? format)
{
    /// <summary>Encodes a text as it is, behind the token that begins a text, where the tokenizer has one.</summary>
    /// <param name="text">The text.</param>
    /// <returns>The ids.</returns>
    public IReadOnlyList<int> Text(string text) => [.. Begin(tokenizer.BosId is not null), .. tokenizer.Encode(text)];

    /// <summary>Encodes the turns before an answer, up to the marker after which the model speaks. Answers among them are encoded as training encodes them.</summary>
    /// <param name="messages">The turns.</param>
    /// <returns>The ids.</returns>
    /// <exception cref="InvalidOperationException">There is no format.</exception>
    /// <exception cref="Runtime.InputException">The format has no words for these turns.</exception>
    public IReadOnlyList<int> Turns(IReadOnlyList<ChatMessage> messages)
    {
        var chat = format ?? throw new InvalidOperationException("No chat format says how turns are written out.");
        var pieces = chat.Render(messages, addGenerationPrompt: true).Select(segment => segment.Text);
        var begin = Begin(chat.BeginsWithBos);
        IEnumerable<int> ids = tokenizer.EncodePieces(pieces, begin.Length > 0 ? chat.Start : TextStart.Nothing).SelectMany(piece => piece);
        return [.. begin, .. ids];
    }

    /// <summary>Encodes what somebody says: as the first question where there is a format, else as it is.</summary>
    /// <param name="prompt">The words.</param>
    /// <returns>The ids.</returns>
    public IReadOnlyList<int> Question(string prompt) => format is null ? Text(prompt) : Turns([new ChatMessage(ChatMessage.User, prompt)]);

    private int[] Begin(bool isWanted) => isWanted && tokenizer.BosId is { } id ? [id] : [];
}
