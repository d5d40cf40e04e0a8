using RlhfSharp.Models.Tokenization;

namespace RlhfSharp.Training.Data;

/// <summary>Finds the prompt that two answers share when no column names it.</summary>
internal static class SharedPrompt
{
    /// <summary>Splits two passages of the same form into what both begin with and the rest of each, as TRL's <c>extract_prompt</c>: the last turn or
    /// character of the shorter one is never part of the prompt, and of strings a blank before the difference goes to the answers.</summary>
    public static (Passage Prompt, Passage Chosen, Passage Rejected) Split(Passage chosen, Passage rejected)
    {
        if (chosen.IsConversational)
        {
            var turns = Shared<ChatMessage>([.. chosen.Messages], [.. rejected.Messages]);
            return (new Passage([.. chosen.Messages.Take(turns)]), Rest(chosen), Rest(rejected));

            Passage Rest(Passage side) => new([.. side.Messages.Skip(turns)]);
        }
        var length = Shared<char>(chosen.Text, rejected.Text);
        // Neither half of a character outside the basic plane is a character.
        if (length > 0 && (chosen.Text[length - 1] == ' ' || char.IsHighSurrogate(chosen.Text[length - 1])))
        {
            length--;
        }
        return (new Passage(chosen.Text[..length]), new Passage(chosen.Text[length..]), new Passage(rejected.Text[length..]));
    }

    private static int Shared<T>(ReadOnlySpan<T> chosen, ReadOnlySpan<T> rejected) =>
        Math.Min(chosen.CommonPrefixLength(rejected), Math.Max(0, Math.Min(chosen.Length, rejected.Length) - 1));
}
