namespace RlhfSharp.Experiments.Poems;

/// <summary>What forms and tones are called in recipes, files and prompts: <c>haiku</c>, <c>dark</c>.</summary>
internal static class PoemNames
{
    public static string Of(PoemForm form) => form.ToString().ToLowerInvariant();

    public static string Of(PoemTone tone) => tone.ToString().ToLowerInvariant();
}
