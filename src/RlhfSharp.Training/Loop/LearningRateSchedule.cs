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

    /// <summary>It stays for most of the run and falls on a straight line at its end (warm-up, stable, decay; Hu et al. 2024,
    /// https://arxiv.org/abs/2404.06395): how long the run will be need not be known before the fall.</summary>
    WarmupStableDecay,
}
