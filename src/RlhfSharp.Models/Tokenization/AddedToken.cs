namespace RlhfSharp.Models.Tokenization;

/// <summary>A token that is looked for in the text itself, before anything else.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Content">Its text.</param>
/// <param name="IsSpecial">Whether decoding may leave it out, as with the end of a sequence.</param>
/// <param name="IsNormalized">Whether it is looked for in the normalised text instead of the original.</param>
/// <param name="StripsLeft">Whether it swallows white space before it.</param>
/// <param name="StripsRight">Whether it swallows white space after it.</param>
/// <param name="IsSingleWord">Whether it is not found inside words.</param>
internal sealed record AddedToken(
    int Id, string Content, bool IsSpecial, bool IsNormalized = false, bool StripsLeft = false, bool StripsRight = false, bool IsSingleWord = false)
{
    /// <summary>Reads the object by which Hugging Face describes an added token.</summary>
    public static AddedToken Read(int id, JsonPart json)
    {
        var content = json.Get("content").Text();
        if (content.Length == 0)
        {
            throw json.Error("is an added token without text");
        }
        var isSpecial = json.Flag("special", fallback: false);
        return new(id, content, isSpecial, json.Flag("normalized", fallback: !isSpecial), json.Flag("lstrip", false), json.Flag("rstrip", false), json.Flag("single_word", false));
    }
}
