namespace RlhfSharp.Training.Data;

/// <summary>Settings of <see cref="DialogueTokenizer"/>.</summary>
public sealed record DialogueTokenizerOptions
{
    /// <summary>Gets the most tokens that a dialogue may have, those put in front of it or at its end included.</summary>
    /// <value>At least 2. The default is 1024, as trlX's <c>train.seq_length</c>.</value>
    public int MaxTokens { get; init; } = 1024;

    /// <summary>Gets what happens to longer rows.</summary>
    public OnTooLong OnTooLong { get; init; } = OnTooLong.Error;

    /// <summary>Gets a value indicating whether every text begins with the beginning-of-sequence token, as some models expect, and every dialogue whose chat format
    /// says so (<see cref="RlhfSharp.Models.Tokenization.IChatFormat.BeginsWithBos"/>).</summary>
    /// <value>The default is false; then one is put in front only where an answer would come first.</value>
    public bool AddBos { get; init; }
}
