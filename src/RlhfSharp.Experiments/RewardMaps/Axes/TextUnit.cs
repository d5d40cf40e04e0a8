namespace RlhfSharp.Experiments.RewardMaps;

/// <summary>In what the length of a text is counted.</summary>
public enum TextUnit
{
    /// <summary>UTF-16 code units.</summary>
    Characters,

    /// <summary>What stands between white space.</summary>
    Words,

    /// <summary>Lines that are not empty.</summary>
    Lines,
}
