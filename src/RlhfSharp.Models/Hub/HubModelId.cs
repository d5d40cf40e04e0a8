using System.Diagnostics.CodeAnalysis;
using System.Text.RegularExpressions;
using RlhfSharp.Models.Runtime;

namespace RlhfSharp.Models.Hub;

/// <summary>Names a model of the Hugging Face Hub: <c>organisation/name</c>, with a branch, tag or commit behind an @ if wanted.</summary>
/// <param name="Name"><c>organisation/name</c>.</param>
/// <param name="Revision">A branch, tag or commit.</param>
public sealed partial record HubModelId(string Name, string Revision)
{
    private const string UsualRevision = "main";

    /// <summary>Reads an id.</summary>
    /// <param name="text">For instance <c>EleutherAI/pythia-70m@step3000</c>.</param>
    /// <returns>The id.</returns>
    /// <exception cref="InputException">It is none.</exception>
    public static HubModelId Parse(string text) => TryParse(text, out var id)
        ? id
        : throw new InputException($"'{text}' names no model of the Hub. Give organisation/name or organisation/name@revision, for instance EleutherAI/pythia-70m.");

    /// <summary>Reads an id.</summary>
    /// <param name="text">Any text.</param>
    /// <param name="id">The id, if it is one.</param>
    /// <returns>Whether it is one.</returns>
    public static bool TryParse(string text, [NotNullWhen(true)] out HubModelId? id)
    {
        var match = Pattern().Match(text);
        id = match.Success ? new HubModelId(match.Groups["name"].Value, match.Groups["revision"] is { Success: true } revision ? revision.Value : UsualRevision) : null;
        return match.Success;
    }

    /// <inheritdoc/>
    public override string ToString() => Revision == UsualRevision ? Name : $"{Name}@{Revision}";

    // Neither part may be a step to another folder.
    [GeneratedRegex(@"\A(?<name>(?!\.)[\w.-]+/(?!\.)[\w.-]+)(?:@(?<revision>(?![./])(?!.*\.\.)[\w./-]+))?\z", RegexOptions.CultureInvariant)]
    private static partial Regex Pattern();
}
