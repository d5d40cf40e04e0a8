namespace RlhfSharp.Models.Generation;

/// <summary>Why a sample ended.</summary>
public enum FinishReason
{
    /// <summary>It has the largest number of tokens, or the model's context is full.</summary>
    Length,

    /// <summary>The model ended it, or a stop string came.</summary>
    Stop,
}
