namespace RlhfSharp.Experiments.Endpoints;

/// <summary>What models that think aloud write before they answer.</summary>
internal static class Thoughts
{
    private const string End = "</think>";

    /// <summary>Leaves the answer alone: thoughts may hold drafts of it, and names that the answer avoids.</summary>
    public static string Remove(string text)
    {
        var end = text.LastIndexOf(End, StringComparison.Ordinal);
        return end < 0 ? text : text[(end + End.Length)..];
    }
}
