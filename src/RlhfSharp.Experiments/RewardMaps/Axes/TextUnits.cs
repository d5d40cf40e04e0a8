using RlhfSharp.Experiments.Dialogues;

namespace RlhfSharp.Experiments.RewardMaps;

/// <summary>Counts.</summary>
internal static class TextUnits
{
    /// <summary>Measures a text.</summary>
    public static int Count(this TextUnit unit, string text) => unit switch
    {
        TextUnit.Words => WordCount.Of(text),
        TextUnit.Lines => text.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Length,
        _ => text.Length,
    };
}
