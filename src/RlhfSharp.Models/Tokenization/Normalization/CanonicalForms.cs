using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;

namespace RlhfSharp.Models.Tokenization;

/// <summary>Unicode's normalisation forms from tables of their own, so that ids do not depend on the platform's Unicode library.</summary>
/// <remarks>Unicode Standard Annex 15 and section 3.12 of the standard (Hangul). <see cref="string.Normalize()"/> returns its input where
/// InvariantGlobalization is on.</remarks>
internal static class CanonicalForms
{
    private const int HangulBase = 0xAC00;
    private const int LeadBase = 0x1100;
    private const int VowelBase = 0x1161;
    private const int TailBase = 0x11A7;
    private const int VowelCount = 21;
    private const int TailCount = 28;
    private const int HangulCount = 19 * VowelCount * TailCount;

    private static readonly Dictionary<int, int[]> Decompositions = [];
    private static readonly Dictionary<(int First, int Second), int> Compositions = [];
    private static readonly Dictionary<int, int> CombiningClasses = [];
    private static readonly HashSet<int> Seconds = [];   // what joins something before it

    static CanonicalForms()
    {
        foreach (var line in UnicodeTable.Lines("canonical-forms.txt"))
        {
            ReadLine(line);
        }
    }

    /// <summary>Composes a text.</summary>
    /// <param name="text">Well-formed UTF-16.</param>
    /// <returns>Its form C.</returns>
    public static string Compose(string text) => Apply(new TracedText(text, null), composes: true).Text;

    /// <summary>Brings a text into form C or D, KC or KD.</summary>
    /// <param name="text">Well-formed UTF-16.</param>
    /// <param name="composes">Whether into C or KC, the composed ones.</param>
    /// <param name="isCompatible">Whether into KC or KD, where what only looks otherwise, a ligature for instance, is taken apart too.</param>
    /// <returns>The form. What came from one another is one stretch: a character and its marks.</returns>
    public static TracedText Apply(TracedText text, bool composes, bool isCompatible = false)
    {
        // Nothing below U+0300 combines with anything before it; nothing below U+00C0 is taken apart, or below U+00A0 into compatibility forms.
        var lowest = isCompatible ? '\u00A0' : composes ? '\u0300' : '\u00C0';
        if (text.Text.AsSpan().IndexOfAnyInRange(lowest, '\uFFFF') < 0)
        {
            return text;
        }
        var editor = new TextEditor(text);
        var points = new List<int>();
        var start = 0;
        while (text.Text.AsSpan(start).IndexOfAnyInRange(lowest, '\uFFFF') is >= 0 and var next)
        {
            // From the character before, which the next may join.
            start += Math.Max(0, next - 1);
            var end = start;
            do
            {
                Rune.DecodeFromUtf16(text.Text.AsSpan(end), out var rune, out var length);
                Decompose(rune.Value, points, isCompatible);
                end += length;
            }
            while (end < text.Text.Length && !IsBoundary(text.Text, end, isCompatible));
            OrderMarks(points);
            if (composes)
            {
                Combine(points);
            }
            var formed = points is [var single] ? char.ConvertFromUtf32(single) : string.Concat(points.Select(char.ConvertFromUtf32));
            if (!text.Text.AsSpan(start, end - start).SequenceEqual(formed))
            {
                editor.Replace(start, end, formed);
            }
            points.Clear();
            start = end;
        }
        return editor.Finish();
    }

    // Whether nothing from here on joins or changes places with what stands before.
    private static bool IsBoundary(string text, int at, bool isCompatible)
    {
        if (text[at] < '\u0300')
        {
            return true;
        }
        Rune.DecodeFromUtf16(text.AsSpan(at), out var rune, out _);
        var first = isCompatible && CompatibilityForms.TryFind(rune.Value, out var apart) ? apart[0] : rune.Value;
        while (Decompositions.TryGetValue(first, out var parts))
        {
            first = parts[0];
        }
        return ClassOf(first) == 0 && !Seconds.Contains(first) && first is not ((>= VowelBase and < VowelBase + VowelCount) or (> TailBase and < TailBase + TailCount));
    }

    /// <summary>Gets the letter that is left when a letter's marks are taken away; other characters and halves of pairs stay as they are.</summary>
    public static char WithoutMarks(char letter)
    {
        int point = letter;
        while (Decompositions.TryGetValue(point, out var parts))
        {
            point = parts[0];
        }
        return point <= char.MaxValue ? (char)point : letter;
    }

    private static void Decompose(int point, List<int> output, bool isCompatible)
    {
        if (isCompatible && CompatibilityForms.TryFind(point, out var apart))
        {
            output.AddRange(apart);
            return;
        }
        var hangul = point - HangulBase;
        if (hangul is >= 0 and < HangulCount)
        {
            output.Add(LeadBase + hangul / (VowelCount * TailCount));
            output.Add(VowelBase + hangul / TailCount % VowelCount);
            if (hangul % TailCount != 0)
            {
                output.Add(TailBase + hangul % TailCount);
            }
        }
        else if (Decompositions.TryGetValue(point, out var parts))
        {
            foreach (var part in parts)
            {
                Decompose(part, output, isCompatible);
            }
        }
        else
        {
            output.Add(point);
        }
    }

    // Runs of marks are sorted by combining class, marks of one class keep their order.
    private static void OrderMarks(List<int> points)
    {
        for (var start = 0; start < points.Count; start++)
        {
            var end = start;
            while (end < points.Count && ClassOf(points[end]) != 0)
            {
                end++;
            }
            if (end - start > 1)
            {
                int[] ordered = [.. points.GetRange(start, end - start).OrderBy(ClassOf)];
                ordered.CopyTo(CollectionsMarshal.AsSpan(points)[start..]);
            }
            start = end;
        }
    }

    // Each character joins the last starter unless a mark of the same or a higher class, or another starter, stands between them.
    private static void Combine(List<int> points)
    {
        var (kept, starter, lastClass) = (0, -1, -1);
        for (var i = 0; i < points.Count; i++)
        {
            var point = points[i];
            var combiningClass = ClassOf(point);
            if (starter >= 0 && lastClass < combiningClass && TryPair(points[starter], point, out var composed))
            {
                points[starter] = composed;
                continue;
            }
            if (combiningClass == 0)
            {
                (starter, lastClass) = (kept, -1);
            }
            else
            {
                lastClass = combiningClass;
            }
            points[kept++] = point;
        }
        points.RemoveRange(kept, points.Count - kept);
    }

    private static bool TryPair(int first, int second, out int composed)
    {
        var (lead, vowel, tail) = (first - LeadBase, second - VowelBase, second - TailBase);
        if (lead is >= 0 and < 19 && vowel is >= 0 and < VowelCount)
        {
            composed = HangulBase + (lead * VowelCount + vowel) * TailCount;
            return true;
        }
        var syllable = first - HangulBase;
        if (syllable is >= 0 and < HangulCount && syllable % TailCount == 0 && tail is > 0 and < TailCount)
        {
            composed = first + tail;
            return true;
        }
        return Compositions.TryGetValue((first, second), out composed);
    }

    private static int ClassOf(int point) => point < 0x300 ? 0 : CombiningClasses.GetValueOrDefault(point);

    // The three kinds of lines are explained in the file.
    private static void ReadLine(string line)
    {
        var at = line.IndexOfAny(['=', '>', ':']);
        var (left, right) = (line[..at], line[(at + 1)..]);
        if (line[at] == ':')
        {
            var range = left.Split('-');
            for (var point = UnicodeTable.Point(range[0]); point <= UnicodeTable.Point(range[^1]); point++)
            {
                CombiningClasses[point] = int.Parse(right, CultureInfo.InvariantCulture);
            }
            return;
        }
        var parts = UnicodeTable.Points(right);
        Decompositions[UnicodeTable.Point(left)] = parts;
        if (line[at] == '=')
        {
            Compositions[(parts[0], parts[1])] = UnicodeTable.Point(left);
            Seconds.Add(parts[1]);
        }
    }
}
