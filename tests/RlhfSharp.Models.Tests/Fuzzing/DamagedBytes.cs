using System.Text;
using RlhfSharp.Models.Runtime;

namespace RlhfSharp.Models.Tests.Fuzzing;

/// <summary>Damages files byte by byte, as disks, cut connections and people who want parsers to trip do.</summary>
internal static class DamagedBytes
{
    // What parsers trip over.
    private static readonly string[] Fragments =
    [
        "{", "}", "[", "]", "\"", ",", ":", "null", "true", "-1", "0", "1e308", "1e-400", "9223372036854775807", "99999999999999999999", "NaN", "\\u0000", "\\uD800",
        "\"__metadata__\":{}", "\"dtype\":\"F32\"", "\"shape\":[4611686018427387904,4]", "\"data_offsets\":[0,4]", "\"vocab_size\":1", "\"hidden_size\":0", "\"rope_scaling\":{}",
        "{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":1}}}}}}}}}}", "[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[",
    ];

    /// <summary>Gets a copy with one to four changes.</summary>
    public static byte[] Make(byte[] whole, NamedRandom random)
    {
        var bytes = whole.ToList();
        for (var change = random.Next(4); change >= 0; change--)
        {
            var at = random.Next(bytes.Count + 1);
            switch (random.Next(6))
            {
                case 0 when at < bytes.Count:
                    bytes[at] = (byte)random.Next(256);
                    break;
                case 1:
                    bytes.RemoveRange(at, Math.Min(random.Next(9), bytes.Count - at));
                    break;
                case 2:
                    bytes.RemoveRange(at, bytes.Count - at);
                    break;
                case 3:
                    bytes.InsertRange(at, bytes.Skip(random.Next(bytes.Count + 1)).Take(random.Next(40)).ToArray());
                    break;
                case 4 when at < bytes.Count:
                    bytes[at] ^= (byte)(1 << random.Next(8));
                    break;
                default:
                    bytes.InsertRange(at, Encoding.UTF8.GetBytes(Fragments[random.Next(Fragments.Length)]));
                    break;
            }
        }
        return [.. bytes];
    }
}
