using System.Text.Json.Nodes;
using RlhfSharp.Models.Checkpoints;

namespace RlhfSharp.Models.Architectures;

/// <summary>Where a configuration keeps what concerns rotary positions: older ones in <c>rope_scaling</c> and beside it, newer ones all in <c>rope_parameters</c>.</summary>
internal static class RotarySection
{
    private const string Newer = "rope_parameters";
    private const string Older = "rope_scaling";
    private const string ShareKey = "partial_rotary_factor";

    /// <summary>Gets the key of the object in use; null where there is none.</summary>
    /// <exception cref="Runtime.InputException">Both are there and differ, or it is no object.</exception>
    public static string? Key(ConfigFile file)
    {
        if (file.Json[Newer] is { } newer && file.Json[Older] is { } older && !JsonNode.DeepEquals(newer, older))
        {
            throw file.Error(Newer, $"and {Older} say different things; keep one of them");
        }
        var key = file.Json[Newer] is null ? Older : Newer;
        return file.Json[key] switch
        {
            null => null,
            JsonObject => key,
            var other => throw file.Error(key, $"is {other.ToJsonString()}, expected an object"),
        };
    }

    /// <summary>Opens the object in use; null where there is none.</summary>
    /// <exception cref="Runtime.InputException">As <see cref="Key"/>, or it has a part for each type of layer.</exception>
    public static ConfigFile? Find(ConfigFile file)
    {
        if (Key(file) is not { } key)
        {
            return null;
        }
        var section = (JsonObject)file.Json[key]!;
        return section.FirstOrDefault(pair => pair.Value is JsonObject) is { Key: { } part }
            ? throw file.Unsupported(key, $"has a part for '{part}' alone, which is not implemented; only the same positions in all layers are")
            : file.Section(key, section);
    }

    /// <summary>Reads the base of the frequencies.</summary>
    /// <param name="file">The configuration.</param>
    /// <param name="key">Where it stands outside the object.</param>
    public static double Base(ConfigFile file, string key)
    {
        var value = Either(file, key, "rope_theta", usual: 10_000);
        return value > 1 ? value : throw file.Error(key, $"is {value}; it must be above 1");
    }

    /// <summary>Reads which share of a head's dimensions turns.</summary>
    /// <param name="file">The configuration.</param>
    /// <param name="key">Where it stands outside the object.</param>
    /// <param name="usual">What holds where it stands nowhere.</param>
    public static double Share(ConfigFile file, string key, double usual) => Either(file, key, ShareKey, usual);

    // Some versions of the peer read the one, some the other.
    private static double Either(ConfigFile file, string key, string sectionKey, double usual)
    {
        if (Find(file) is not { } section || section.Json[sectionKey] is null)
        {
            return file.Number(key, usual);
        }
        var inside = section.Number(sectionKey, usual);
        var outside = file.Number(key, inside);
        return inside == outside ? inside : throw section.Error(sectionKey, FormattableString.Invariant($"is {inside}, and {key} outside is {outside}; keep one of them"));
    }
}
