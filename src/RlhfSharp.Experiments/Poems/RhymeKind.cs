namespace RlhfSharp.Experiments.Poems;

/// <summary>How two words rhyme.</summary>
public enum RhymeKind
{
    /// <summary>They do not.</summary>
    None,

    /// <summary>They sound alike from the last stressed vowel on, as far as spelling tells.</summary>
    Sound,

    /// <summary>They end in the same letters, from a vowel on, but may sound different: <c>love</c> and <c>prove</c>. Poets use it.</summary>
    Spelling,

    /// <summary>They are the same word.</summary>
    SameWord,
}
