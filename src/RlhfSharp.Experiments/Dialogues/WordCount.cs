namespace RlhfSharp.Experiments.Dialogues;

/// <summary>Counts words: whatever stands between blanks.</summary>
internal static class WordCount
{
    /// <summary>Counts the words of a text.</summary>
    public static int Of(string text) => text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).Length;
}
