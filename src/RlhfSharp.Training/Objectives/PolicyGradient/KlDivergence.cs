namespace RlhfSharp.Training.Objectives;

/// <summary>The divergence of a policy from a reference, measured on the tokens that the policy sampled.</summary>
public static class KlDivergence
{
    /// <summary>Estimates it for a token.</summary>
    /// <param name="logProb">log π of the token.</param>
    /// <param name="reference">log π_ref of it.</param>
    /// <param name="estimator">How.</param>
    /// <returns>In nats.</returns>
    public static double Estimate(double logProb, double reference, KlEstimator estimator)
    {
        var difference = logProb - reference;
        return estimator switch
        {
            KlEstimator.K1 => difference,
            KlEstimator.K2 => difference * difference / 2,
            KlEstimator.K3 => Math.Exp(-difference) - 1 + difference,
            _ => throw new ArgumentOutOfRangeException(nameof(estimator), estimator, "There is no such estimator."),
        };
    }
}
