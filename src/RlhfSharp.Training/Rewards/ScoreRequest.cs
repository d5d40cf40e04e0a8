using RlhfSharp.Models.Tokenization;
using RlhfSharp.Training.Data;

namespace RlhfSharp.Training.Rewards;

/// <summary>An answer to be scored.</summary>
/// <param name="Id">Names it in errors and records; unique among the requests of a call.</param>
/// <param name="Prompt">What it answers; null where the text stands alone.</param>
/// <param name="Completion">The answer, of the same form as the prompt: a text, or turns.</param>
public sealed record ScoreRequest(string Id, Passage? Prompt, Passage Completion)
{
    /// <summary>Writes prompt and answer as one text.</summary>
    /// <param name="format">Writes dialogues out; plain texts follow each other as they are.</param>
    /// <returns>The text.</returns>
    /// <exception cref="Models.Runtime.InputException">The format has no words for these turns.</exception>
    public string Write(IChatFormat format)
    {
        ArgumentNullException.ThrowIfNull(format);
        return Completion.IsConversational
            ? string.Concat(format.Render([.. Prompt?.Messages ?? [], .. Completion.Messages]).Select(segment => segment.Text))
            : Prompt?.Text + Completion.Text;
    }
}
