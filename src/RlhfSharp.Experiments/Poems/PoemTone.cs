namespace RlhfSharp.Experiments.Poems;

/// <summary>The mood of a poem, as its words show it.</summary>
public enum PoemTone
{
    /// <summary>Joy and play.</summary>
    Happy,

    /// <summary>Death and cold.</summary>
    Dark,

    /// <summary>What is hidden or strange.</summary>
    Mysterious,

    /// <summary>Love.</summary>
    Romantic,

    /// <summary>Thought and memory.</summary>
    Reflective,
}
