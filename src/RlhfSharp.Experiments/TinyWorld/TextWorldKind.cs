namespace RlhfSharp.Experiments.TinyWorld;

/// <summary>What the texts of the built-in world are.</summary>
public enum TextWorldKind
{
    /// <summary>Dialogues about things, with instructions what not to mention.</summary>
    Dialogues,

    /// <summary>Requests for poems, and poems.</summary>
    Poems,
}
