namespace RlhfSharp.Training.Metrics;

/// <summary>The normal distribution and Student's t: what the intervals of <see cref="Statistics"/> rest on. .NET has neither.</summary>
internal static class Distributions
{
    /// <summary>The standard normal density.</summary>
    public static double NormalDensity(double x) => Math.Exp(-0.5 * x * x) / Math.Sqrt(2 * Math.PI);

    /// <summary>The chance that a standard normal number is at most x; absolute error below 1e-15.</summary>
    /// <remarks>Φ(x) = 1/2 + φ(x)·(x + x³/3 + x⁵/(3·5) + …), all terms of one sign (Marsaglia 2004).</remarks>
    public static double NormalCumulative(double x)
    {
        if (Math.Abs(x) > 9)   // beyond, the tail is smaller than the error
        {
            return x > 0 ? 1 : 0;
        }
        var (sum, term) = (0.0, x);
        for (var divisor = 3; sum + term != sum; divisor += 2)
        {
            sum += term;
            term *= x * x / divisor;
        }
        return 0.5 + sum * NormalDensity(x);
    }

    /// <summary>The x that a standard normal number stays below with the given probability, between 0 and 1, both excluded.</summary>
    public static double NormalQuantile(double probability) =>
        Quantile(probability, upper => 1 - NormalCumulative(upper), NormalDensity);

    /// <summary>The chance that Student's t exceeds x ≥ 0.</summary>
    /// <remarks>Half of I_{ν/(ν+x²)}(ν/2, 1/2), see Abramowitz and Stegun 26.5.27.</remarks>
    public static double StudentTUpperTail(double x, double degreesOfFreedom) =>
        0.5 * RegularizedBeta(x * x, degreesOfFreedom);

    /// <summary>The x that Student's t stays below with the given probability, between 0 and 1, both excluded.</summary>
    public static double StudentTQuantile(double probability, double degreesOfFreedom)
    {
        var half = 0.5 * degreesOfFreedom;
        var logScale = -LogBeta(half, 0.5) - 0.5 * Math.Log(degreesOfFreedom);
        return Quantile(
            probability,
            x => StudentTUpperTail(x, degreesOfFreedom),
            x => Math.Exp(logScale - (half + 0.5) * double.LogP1(x * x / degreesOfFreedom)));
    }

    // Newton's method from the centre of a symmetric density that falls outwards. There the distribution function is concave, so the
    // tangent meets the target before the curve does: every step is too short, none too long, and no bracket is needed.
    private static double Quantile(double probability, Func<double, double> upperTail, Func<double, double> density)
    {
        var tail = Math.Min(probability, 1 - probability);
        var x = 0.0;
        for (var step = double.MaxValue; step > 1e-15 * x;)
        {
            step = (upperTail(x) - tail) / density(x);
            x += step;
        }
        return probability < 0.5 ? -x : x;
    }

    // I_{ν/(ν+t²)}(ν/2, 1/2). The continued fraction converges fast only on one side of its mean; on the other the symmetry
    // I_z(a, b) = 1 − I_{1−z}(b, a) is used. t² is passed, not z, so that neither z nor 1 − z suffers from cancellation.
    private static double RegularizedBeta(double tSquared, double degreesOfFreedom)
    {
        var half = 0.5 * degreesOfFreedom;
        var (z, rest) = (degreesOfFreedom / (degreesOfFreedom + tSquared), tSquared / (degreesOfFreedom + tSquared));
        if (tSquared == 0)
        {
            return 1;
        }
        var factor = Math.Exp(half * Math.Log(z) + 0.5 * Math.Log(rest) - LogBeta(half, 0.5));
        return z < (half + 1) / (half + 2.5)
            ? factor * BetaFraction(z, half, 0.5) / half
            : 1 - factor * BetaFraction(rest, 0.5, half) / 0.5;
    }

    // The continued fraction of the incomplete beta function (Abramowitz and Stegun 26.5.8), evaluated from the front (Lentz 1976).
    private static double BetaFraction(double z, double a, double b)
    {
        var (value, upper, lower) = (1.0, 1.0, 0.0);
        for (var n = 1; n <= 1000; n++)
        {
            var m = n / 2;
            var coefficient = n % 2 == 0
                ? m * (b - m) * z / ((a + 2 * m - 1) * (a + 2 * m))
                : -(a + m) * (a + b + m) * z / ((a + 2 * m) * (a + 2 * m + 1));
            upper = NotZero(1 + coefficient / upper);
            lower = 1 / NotZero(1 + coefficient * lower);
            value *= upper * lower;
            if (Math.Abs(upper * lower - 1) < 1e-16)
            {
                break;
            }
        }
        return 1 / value;

        static double NotZero(double x) => Math.Abs(x) < 1e-300 ? 1e-300 : x;
    }

    private static double LogBeta(double a, double b) => LogGamma(a) + LogGamma(b) - LogGamma(a + b);

    // Stirling's series where it is exact to the last bits (x ≥ 15), reached by Γ(x + 1) = x·Γ(x).
    private static double LogGamma(double x)
    {
        var product = 1.0;
        for (; x < 15; x++)
        {
            product *= x;
        }
        var inverse = 1 / (x * x);
        var series = (1 / 12.0 - inverse * (1 / 360.0 - inverse * (1 / 1260.0 - inverse * (1 / 1680.0 - inverse / 1188.0)))) / x;
        return (x - 0.5) * Math.Log(x) - x + 0.5 * Math.Log(2 * Math.PI) + series - Math.Log(product);
    }
}
