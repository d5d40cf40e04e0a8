namespace RlhfSharp.Experiments.Poems;

/// <summary>What a poem's lines, lengths and rhymes show it to be.</summary>
public enum PoemForm
{
    /// <summary>None of the others.</summary>
    Other,

    /// <summary>Three lines of 5, 7 and 5 syllables.</summary>
    Haiku,

    /// <summary>Five lines that rhyme AABBA, of which the third and fourth are short.</summary>
    Limerick,

    /// <summary>Fourteen lines of about one length that rhyme, not all of them in pairs.</summary>
    Sonnet,

    /// <summary>Quatrains in a hymn's metre that speak of worship.</summary>
    Hymn,

    /// <summary>Quatrains of long and short lines in turn whose short lines rhyme: ballad metre, common measure.</summary>
    Ballad,

    /// <summary>Line after line, two by two in rhyme.</summary>
    Couplets,
}
