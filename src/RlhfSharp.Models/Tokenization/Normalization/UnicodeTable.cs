using System.Globalization;

namespace RlhfSharp.Models.Tokenization;

/// <summary>Reads the tables of Unicode that come with the program.</summary>
internal static class UnicodeTable
{
    /// <summary>Gets the lines of a table that say something.</summary>
    public static IEnumerable<string> Lines(string name)
    {
        using var reader = new StreamReader(typeof(UnicodeTable).Assembly.GetManifestResourceStream(name)!);
        while (reader.ReadLine() is { } line)
        {
            if (!line.StartsWith('#'))
            {
                yield return line;
            }
        }
    }

    /// <summary>Reads what each character becomes, from lines like <c>X~A B</c>.</summary>
    /// <param name="name">The table.</param>
    /// <param name="separator">What stands between a character and what it becomes.</param>
    public static Dictionary<int, int[]> Mapping(string name, char separator) =>
        Lines(name).Select(line => line.Split(separator)).ToDictionary(sides => Point(sides[0]), sides => Points(sides[1]));

    /// <summary>Reads a code point.</summary>
    public static int Point(string digits) => int.Parse(digits, NumberStyles.HexNumber, CultureInfo.InvariantCulture);

    /// <summary>Reads code points with a space between each two.</summary>
    public static int[] Points(string digits) => [.. digits.Split(' ').Select(Point)];
}
