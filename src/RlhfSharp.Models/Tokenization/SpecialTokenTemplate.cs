namespace RlhfSharp.Models.Tokenization;

/// <summary>Which special tokens go around one text, or two.</summary>
/// <param name="Single">In order: the id of a special token, or null for the text.</param>
/// <param name="Pair">In order: the id of a special token, or null for the next of the two texts.</param>
internal sealed record SpecialTokenTemplate(IReadOnlyList<int?> Single, IReadOnlyList<int?> Pair)
{
    /// <summary>Gets the roles of the tokens before and behind a text: of a classifier where there are both, of a beginning or an end otherwise.</summary>
    public SpecialTokenIds Roles => Single switch
    {
        [{ } first, null, { } last] => new(null, null, null, first, last),
        [{ } first, null] => new(first, null, null),
        [null, { } last] => new(null, last, null),
        _ => new(null, null, null),
    };

    /// <summary>Makes the template of a tokenizer without one of its own.</summary>
    /// <param name="special">Its roles: an encoder's go first.</param>
    /// <param name="addsBos">Whether a text begins with the token for it, if there is one.</param>
    /// <param name="addsEos">Whether a text ends with the token for it, if there is one.</param>
    public static SpecialTokenTemplate Of(SpecialTokenIds special, bool addsBos, bool addsEos)
    {
        if (special is { Cls: { } cls, Sep: { } sep })
        {
            return new([cls, null, sep], [cls, null, sep, null, sep]);
        }
        int?[] before = addsBos && special.Bos is { } bos ? [bos] : [];
        int?[] behind = addsEos && special.Eos is { } eos ? [eos] : [];
        int?[] single = [.. before, null, .. behind];
        return new(single, [.. single, .. single]);
    }
}
