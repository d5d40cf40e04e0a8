namespace RlhfSharp.Training.Loop;

/// <summary>In which order a pass over the data takes the rows.</summary>
public enum RowOrder
{
    /// <summary>Another order in each pass, drawn at random.</summary>
    Shuffled,

    /// <summary>Steps are filled with rows of about the same length, and drawn at random.</summary>
    LengthBuckets,

    /// <summary>As the rows stand in the data, in every pass: for data that is a curriculum.</summary>
    AsGiven,
}
