using System.Globalization;
using System.Text;

namespace RlhfSharp.Experiments.RewardMaps;

/// <summary>Finds texts with signs that do not belong to the script of a run: letters of another one, emoji, control characters, remains of broken encodings.</summary>
internal static class WritingScript
{
    /// <summary>A larger share of a text's signs, white space aside, stands out; one foreign name does not.</summary>
    public const double Limit = 0.05;

    private static readonly (int From, int To, string Name)[] Blocks =
    [
        (0x0370, 0x03FF, "Greek"), (0x0400, 0x052F, "Cyrillic"), (0x0530, 0x058F, "Armenian"), (0x0590, 0x05FF, "Hebrew"), (0x0600, 0x08FF, "Arabic"), (0x0900, 0x0DFF, "Indic"),
        (0x0E00, 0x0EFF, "Thai and Lao"), (0x10A0, 0x10FF, "Georgian"), (0x1100, 0x11FF, "Korean"), (0x1F00, 0x1FFF, "Greek"), (0x3040, 0x30FF, "Chinese and Japanese"),
        (0x3400, 0x9FFF, "Chinese and Japanese"), (0xAC00, 0xD7AF, "Korean"), (0xFB50, 0xFDFF, "Arabic"), (0xFE70, 0xFEFC, "Arabic"), (0x20000, 0x323AF, "Chinese and Japanese"),
    ];

    /// <summary>Finds the script that most letters of some texts are of.</summary>
    public static string Main(IEnumerable<string> texts) =>
        texts.SelectMany(text => text.EnumerateRunes()).Where(Rune.IsLetter).CountBy(Of).OrderByDescending(script => script.Value).ThenBy(script => script.Key, StringComparer.Ordinal)
            .Select(script => script.Key).FirstOrDefault("Latin");

    /// <summary>Computes which share of a text's signs are of no use in a script.</summary>
    /// <param name="text">The text.</param>
    /// <param name="script">As <see cref="Main"/> names it.</param>
    /// <returns>From 0 to 1; 0 for an empty text.</returns>
    public static double ShareOff(string text, string script)
    {
        var (off, all) = (0, 0);
        foreach (var rune in text.EnumerateRunes().Where(rune => !Rune.IsWhiteSpace(rune)))
        {
            all++;
            off += IsOff(rune, script) ? 1 : 0;
        }
        return all == 0 ? 0 : (double)off / all;
    }

    private static bool IsOff(Rune rune, string script) => Rune.GetUnicodeCategory(rune) switch
    {
        _ when Rune.IsLetter(rune) => Of(rune) != script,
        UnicodeCategory.Control or UnicodeCategory.PrivateUse or UnicodeCategory.OtherNotAssigned or UnicodeCategory.Surrogate or UnicodeCategory.OtherSymbol => true,
        _ => false,   // digits, marks, punctuation and signs of money or mathematics belong to any script
    };

    // Latin is everything else: its letters lie in many blocks.
    private static string Of(Rune rune) => Array.Find(Blocks, block => rune.Value >= block.From && rune.Value <= block.To).Name ?? "Latin";
}
