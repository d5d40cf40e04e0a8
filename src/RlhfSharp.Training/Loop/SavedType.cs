namespace RlhfSharp.Training.Loop;

/// <summary>The element type of the best and the final checkpoint of a run. Those to resume from always keep every bit.</summary>
public enum SavedType
{
    /// <summary>As the model computes.</summary>
    AsComputed,

    /// <summary>16 bits with the range of F32: half the size, for models to pass on.</summary>
    Bfloat16,
}
