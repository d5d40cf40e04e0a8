namespace RlhfSharp.Experiments.PinkElephants;

/// <summary>Two things of one topic, of which a person may come to speak instead of the other.</summary>
internal sealed record ContrastPair
{
    public required string First { get; init; }

    public required string Second { get; init; }

    public IReadOnlyList<string> FirstAliases { get; init; } = [];

    public IReadOnlyList<string> SecondAliases { get; init; } = [];

    /// <summary>Gets what is the same for the same two things in any order and spelling.</summary>
    public string Key
    {
        get
        {
            var (first, second) = (NameRules.Key(First), NameRules.Key(Second));
            return string.CompareOrdinal(first, second) < 0 ? $"{first}|{second}" : $"{second}|{first}";
        }
    }

    /// <summary>Tells whether one of the things cannot be named without the other.</summary>
    public bool IsEntangled => new MentionDetector(First).IsMentioned(Second) || new MentionDetector(Second).IsMentioned(First);

    /// <summary>Leaves out aliases that would be found where the other thing is meant.</summary>
    public ContrastPair WithoutDoubtfulAliases() => this with
    {
        FirstAliases = Distinctive(FirstAliases, First, [Second, .. SecondAliases]),
        SecondAliases = Distinctive(SecondAliases, Second, [First, .. FirstAliases]),
    };

    private static List<string> Distinctive(IReadOnlyList<string> aliases, string own, IReadOnlyList<string> others) =>
    [
        .. aliases
            .Where(alias => !new MentionDetector(own).IsMentioned(alias))   // is found already
            .Where(alias => !others.Any(other => new MentionDetector(alias).IsMentioned(other) || new MentionDetector(other).IsMentioned(alias)))
            .DistinctBy(NameRules.Key),
    ];
}
