using System.Text;
using System.Text.Json.Nodes;
using RlhfSharp.Models.Runtime;

namespace RlhfSharp.Models.Tests.Fuzzing;

/// <summary>Changes JSON that stays JSON: values of other types, members that are missing or elsewhere, lists that are long, things inside each other.</summary>
internal static class DamagedJson
{
    /// <summary>A text that becomes half of a surrogate pair, which writing JSON would refuse.</summary>
    public const string HalfACharacter = "half a character";

    private static readonly string[] Sequences = ["normalizers", "pretokenizers", "processors", "decoders"];

    /// <summary>Gets a copy with one to three changes.</summary>
    /// <param name="whole">An object.</param>
    /// <param name="values">What may stand in the place of a value, as JSON.</param>
    /// <param name="random">Decides.</param>
    public static byte[] Make(string whole, IReadOnlyList<string> values, NamedRandom random)
    {
        var root = JsonNode.Parse(whole)!;
        for (var change = random.Next(3); change >= 0; change--)
        {
            var places = Places(root).ToList();
            if (places.Count > 0)
            {
                Change(places, random, values);
            }
        }
        return Encoding.UTF8.GetBytes(root.ToJsonString().Replace($"\"{HalfACharacter}\"", "\"\\uD800\"", StringComparison.Ordinal));
    }

    private static void Change(List<JsonNode> places, NamedRandom random, IReadOnlyList<string> values)
    {
        var (place, other) = (places[random.Next(places.Count)], places[random.Next(places.Count)]);
        switch (random.Next(6))
        {
            case 0:
                place.ReplaceWith(JsonNode.Parse(values[random.Next(values.Count)]));
                break;
            case 1:   // another part of the same file
                place.ReplaceWith(other.DeepClone());
                break;
            case 2:
                Remove(place);
                break;
            case 3 when place.Parent is JsonArray list:
                for (var copies = 1 << random.Next(8); copies > 0; copies--)
                {
                    list.Add(place.DeepClone());
                }
                break;
            case 4:   // inside itself, which is deep after a while
                var inner = place.DeepClone();
                for (var depth = random.Next(40); depth > 0; depth--)
                {
                    inner = random.Next(2) == 0 ? new JsonArray(inner) : new JsonObject { ["type"] = "Sequence", [Sequences[random.Next(Sequences.Length)]] = new JsonArray(inner) };
                }
                place.ReplaceWith(inner);
                break;
            default:
                if (place is JsonValue value && value.TryGetValue<string>(out var text))
                {
                    place.ReplaceWith(JsonValue.Create(random.Next(2) == 0 ? text + text : text[..random.Next(text.Length + 1)]));
                }
                break;
        }
    }

    private static void Remove(JsonNode node)
    {
        if (node.Parent is JsonObject owner)
        {
            owner.Remove(node.GetPropertyName());
        }
        else if (node.Parent is JsonArray list)
        {
            list.RemoveAt(node.GetElementIndex());
        }
    }

    // Everything below the root that is not null.
    private static IEnumerable<JsonNode> Places(JsonNode node) => (node switch
    {
        JsonObject members => members.Select(member => member.Value),
        JsonArray list => list,
        _ => [],
    }).OfType<JsonNode>().SelectMany(child => Places(child).Prepend(child));
}
