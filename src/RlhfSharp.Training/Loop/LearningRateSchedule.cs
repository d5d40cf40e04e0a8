namespace RlhfSharp.Training.Loop;

/// <summary>How the learning rate changes after the warm-up.</summary>
public enum LearningRateSchedule
{
    /// <summary>It stays.</summary>
    Constant,

    /// <summary>It falls on a straight line.</summary>
    Linear,

    /// <summary>It falls on half a cosine wave (Loshchilov and Hutter 2017, without restarts).</summary>
    Cosine,
}
