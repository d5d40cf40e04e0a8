namespace RlhfSharp.Experiments.Poems;

/// <summary>What a group of lines in a book is.</summary>
internal enum BlockKind
{
    Verse,
    Number,

    /// <summary>A number of a part of a poem.</summary>
    Section,

    /// <summary>Words that stand over a part of a poem: who speaks it, a pause.</summary>
    Label,

    Title,
    Note,
    Prose,
    Index,
}
