namespace RlhfSharp.Models.Tokenization;

/// <summary>One turn of a dialogue.</summary>
/// <param name="Role"><c>system</c>, <c>user</c> or <c>assistant</c>.</param>
/// <param name="Content">What was said.</param>
public sealed record ChatMessage(string Role, string Content)
{
    /// <summary>The role of a turn that sets the stage.</summary>
    public const string System = "system";

    /// <summary>The role of a turn of the person.</summary>
    public const string User = "user";

    /// <summary>The role of a turn of the model: what training teaches.</summary>
    public const string Assistant = "assistant";
}
