using System.Diagnostics.CodeAnalysis;

namespace RlhfSharp.Models.Tokenization;

/// <summary>Into what characters are taken apart that others can stand for, as 'ﬁ' by 'fi': what Unicode's forms KC and KD have and C and D do not.</summary>
internal static class CompatibilityForms
{
    private static readonly Dictionary<int, int[]> Parts = UnicodeTable.Mapping("compatibility-forms.txt", '~');

    /// <summary>Finds the parts of a character, none of which is taken apart any further.</summary>
    public static bool TryFind(int point, [NotNullWhen(true)] out int[]? parts) => Parts.TryGetValue(point, out parts);
}
