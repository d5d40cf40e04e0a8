namespace RlhfSharp.Experiments.PinkElephants;

/// <summary>Where a text mentions something.</summary>
/// <param name="Start">The first character, in UTF-16 code units from the start of the text.</param>
/// <param name="Length">The number of code units.</param>
public readonly record struct Mention(int Start, int Length)
{
    /// <summary>Gets the character that completes the mention.</summary>
    public int Last => Start + Length - 1;
}
