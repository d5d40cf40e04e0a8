namespace RlhfSharp.Models.Tokenization;

/// <summary>How a dialogue is written out for a model.</summary>
public interface IChatFormat
{
    /// <summary>Gets the name that recipes use.</summary>
    string Name { get; }

    /// <summary>Gets whether a dialogue begins with the tokenizer's token for the beginning of a text, where it has one.</summary>
    bool BeginsWithBos => true;

    /// <summary>Gets what the first segment is written behind, which is where tokenizers differ that put a space before a text: Hugging Face's chat templates write the token for the
    /// beginning themselves; elsewhere its tokenizers put it before a text that begins for them.</summary>
    TextStart Start => TextStart.Nothing;

    /// <summary>Gets the strings at which a generated answer ends, because the next turn begins there.</summary>
    IReadOnlyList<string> StopStrings { get; }

    /// <summary>Writes a dialogue out.</summary>
    /// <param name="messages">The turns, in order.</param>
    /// <param name="addGenerationPrompt">Whether to end with the marker after which the model answers.</param>
    /// <returns>Segments; assistant turns are answers, markers and all else are not.</returns>
    /// <exception cref="Runtime.InputException">A role or an order of turns that the format has no words for.</exception>
    IReadOnlyList<ChatSegment> Render(IReadOnlyList<ChatMessage> messages, bool addGenerationPrompt = false);
}
