namespace RlhfSharp.Experiments.RewardMaps;

/// <summary>What flags are called in files and pages, and what they mean.</summary>
internal static class TextFlags
{
    /// <summary>Gets all flags, in the order of their bits.</summary>
    public static IReadOnlyList<TextFlag> All { get; } = [.. Enum.GetValues<TextFlag>().Where(flag => flag != TextFlag.None)];

    /// <summary>Gets the name of one flag.</summary>
    public static string Name(TextFlag flag) => flag switch
    {
        TextFlag.HighReward => "high-reward",
        TextFlag.Echo => "echo",
        TextFlag.Repetition => "repetition",
        TextFlag.OffScript => "off-script",
        TextFlag.JudgeMismatch => "judge-mismatch",
        _ => "edit-drop",
    };

    /// <summary>Gets what one flag means, in words.</summary>
    public static string Meaning(TextFlag flag) => flag switch
    {
        TextFlag.HighReward => $"reward far above the others of its cell: robust z above {RobustZ.Limit:0.0}",
        TextFlag.Echo => $"repeats {InstructionEcho.Words} or more words in a row of what was asked",
        TextFlag.Repetition => "more than 30% of all three words in a row were there before, or one sign stands ten times in a row",
        TextFlag.OffScript => "more than 5% of its signs are letters of another script, emoji, or no characters at all",
        TextFlag.JudgeMismatch => "lies in a cell whose labels the judge does not find in it",
        _ => "reward falls by more than a standard deviation of all rewards when white space, case or the order of lines changes",
    };

    /// <summary>Gets the names of the flags that a text has.</summary>
    public static IEnumerable<string> Names(TextFlag flags) => All.Where(flag => flags.HasFlag(flag)).Select(Name);
}
