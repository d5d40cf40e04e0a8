using System.Text.RegularExpressions;
using RlhfSharp.Models.Tokenization;

namespace RlhfSharp.Experiments.PinkElephants;

/// <summary>A dialogue on its way to become a row: what may not be named in it, and what was written so far.</summary>
internal sealed record DraftDialogue
{
    public required string Id { get; init; }

    public required string Topic { get; init; }

    public required string Avoid { get; init; }

    public required string Prefer { get; init; }

    public IReadOnlyList<string> AvoidAliases { get; init; } = [];

    public IReadOnlyList<string> PreferAliases { get; init; } = [];

    /// <summary>Gets the situation.</summary>
    public required string Plan { get; init; }

    /// <summary>Gets the number of questions that the person asks.</summary>
    public required int Questions { get; init; }

    /// <summary>Gets the turns; the last is the assistant's, which names the thing.</summary>
    public IReadOnlyList<ChatMessage> Turns { get; init; } = [];

    /// <summary>Gets the last turn without the thing.</summary>
    public string Revision { get; init; } = string.Empty;

    public MentionDetector Detector => new(Avoid, AvoidAliases);

    /// <summary>Gets what is the same for dialogues that differ in case and white space only.</summary>
    public string Key => string.Join('|', Turns.Select(turn => Regex.Replace(turn.Content.ToLowerInvariant(), @"\s+", " ")));
}
