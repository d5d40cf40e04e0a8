namespace RlhfSharp.Experiments.Poems;

/// <summary>A poem that a model wrote when asked for one.</summary>
/// <param name="Genre">The genre that was asked for.</param>
/// <param name="Tone">The tone that was asked for.</param>
/// <param name="Subject">What the poem that was to be rewritten is about; null where there was none.</param>
/// <param name="Text">The poem.</param>
/// <param name="JudgedGenre">The genre it is judged to have.</param>
/// <param name="JudgedTone">The tone it is judged to have; null for none.</param>
public sealed record RequestedPoem(PoemForm Genre, PoemTone Tone, string? Subject, string Text, PoemForm JudgedGenre, PoemTone? JudgedTone)
{
    /// <summary>Gets whether the genre is the one that was asked for.</summary>
    public bool HasForm => JudgedGenre == Genre;

    /// <summary>Gets whether the tone is the one that was asked for.</summary>
    public bool HasTone => JudgedTone == Tone;
}
