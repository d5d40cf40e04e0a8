namespace RlhfSharp.QualityDiversity.HeatMaps;

/// <summary>Letters of 5 × 7 pixels: a picture must not depend on the fonts of the machine that draws it. There are capitals only.</summary>
internal static class PixelFont
{
    public const int Width = 5;
    public const int Height = 7;
    public const int Advance = 6;

    // Seven rows from top to bottom, a digit from 0 to 9 and A to V each: five pixels, the leftmost in the highest bit.
    private static readonly Dictionary<char, string> Glyphs = new()
    {
        ['A'] = "EHHVHHH",
        ['B'] = "UHHUHHU",
        ['C'] = "EHGGGHE",
        ['D'] = "UHHHHHU",
        ['E'] = "VGGUGGV",
        ['F'] = "VGGUGGG",
        ['G'] = "EHGNHHE",
        ['H'] = "HHHVHHH",
        ['I'] = "E44444E",
        ['J'] = "72222IC",
        ['K'] = "HIKOKIH",
        ['L'] = "GGGGGGV",
        ['M'] = "HRLLHHH",
        ['N'] = "HPLJHHH",
        ['O'] = "EHHHHHE",
        ['P'] = "UHHUGGG",
        ['Q'] = "EHHHLID",
        ['R'] = "UHHUKIH",
        ['S'] = "FGGE11U",
        ['T'] = "V444444",
        ['U'] = "HHHHHHE",
        ['V'] = "HHHHHA4",
        ['W'] = "HHHLLLA",
        ['X'] = "HHA4AHH",
        ['Y'] = "HHHA444",
        ['Z'] = "V1248GV",
        ['0'] = "EHJLPHE",
        ['1'] = "4C4444E",
        ['2'] = "EH1248V",
        ['3'] = "V2421HE",
        ['4'] = "26AIV22",
        ['5'] = "VGU11HE",
        ['6'] = "68GUHHE",
        ['7'] = "V124888",
        ['8'] = "EHHEHHE",
        ['9'] = "EHHF12C",
        [' '] = "0000000",
        ['.'] = "00000CC",
        [','] = "0000C48",
        ['-'] = "000V000",
        ['−'] = "000V000",
        ['+'] = "044V440",
        ['='] = "00V0V00",
        [':'] = "0CC0CC0",
        ['('] = "2488842",
        [')'] = "8422248",
        ['/'] = "01248G0",
        ['%'] = "OP248J3",
        ['∞'] = "00ALA00",
        ['_'] = "000000V",
        ['\''] = "4480000",
        ['#'] = "AAVAVAA",
        ['*'] = "04LEL40",
        ['?'] = "EH12404",
        ['!'] = "4444404",
        ['<'] = "248G842",
        ['>'] = "8421248",
        ['['] = "E88888E",
        [']'] = "E22222E",
        ['|'] = "4444444",
        ['&'] = "CIK8LID",
        ['"'] = "AA00000",
    };

    private const string Unknown = "VHHHHHV";   // an empty box

    /// <summary>Says whether a pixel of a letter is set; lower case looks like upper case.</summary>
    public static bool IsSet(char letter, int row, int column)
    {
        var digit = Glyphs.GetValueOrDefault(char.ToUpperInvariant(letter), Unknown)[row];
        var bits = digit <= '9' ? digit - '0' : digit - 'A' + 10;
        return (bits >> (Width - 1 - column) & 1) == 1;
    }
}
