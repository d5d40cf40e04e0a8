namespace RlhfSharp.Experiments.Baselines;

/// <summary>Logistic regression on sparse differences, without an intercept: P(chosen wins) = σ(w·x).</summary>
/// <remarks>Minimises Σ log(1 + exp(−w·x)) + λ/2·|w|² over all rows at once by Newton's method, each step solved by conjugate gradients as in
/// Lin, Weng, Keerthi 2008 (section 2), and shortened until the loss falls. No random numbers: the result depends on the rows alone.</remarks>
internal static class LogisticRegression
{
    private const int MaxNewtonSteps = 50;
    private const int MaxConjugateSteps = 100;
    private const double Tolerance = 1e-4;   // of the gradient's norm, relative to that at w = 0

    /// <summary>Fits the weights.</summary>
    /// <param name="rows">Sparse rows of (feature, value); each is one won comparison.</param>
    /// <param name="features">The number of features.</param>
    /// <param name="penalty">λ, greater than 0.</param>
    /// <returns>w, <c>[features]</c>.</returns>
    public static double[] Fit(IReadOnlyList<(int Word, double Value)[]> rows, int features, double penalty)
    {
        var weights = new double[features];
        var gradient = Gradient(rows, weights, penalty);
        var enough = Tolerance * Norm(gradient);
        for (var step = 0; step < MaxNewtonSteps && Norm(gradient) > enough; step++)
        {
            var direction = Direction(rows, weights, gradient, penalty);
            var (loss, slope, length) = (Loss(rows, weights, penalty), Dot(gradient, direction), 1.0);
            while (Loss(rows, Moved(weights, direction, length), penalty) > loss + 1e-4 * length * slope && length > 1e-6)
            {
                length /= 2;
            }
            weights = Moved(weights, direction, length);
            gradient = Gradient(rows, weights, penalty);
        }
        return weights;
    }

    /// <summary>Computes w·x.</summary>
    /// <param name="weights">w.</param>
    /// <param name="row">x.</param>
    /// <returns>Above 0 where the first answer looks better.</returns>
    public static double Score(double[] weights, (int Word, double Value)[] row)
    {
        var sum = 0.0;
        foreach (var (word, value) in row)
        {
            sum += weights[word] * value;
        }
        return sum;
    }

    /// <summary>Computes −log σ(score) without overflow.</summary>
    /// <param name="score">w·x.</param>
    /// <returns>The loss of one row, at least 0.</returns>
    public static double RowLoss(double score) => score > 0 ? double.LogP1(Math.Exp(-score)) : double.LogP1(Math.Exp(score)) - score;

    private static double Loss(IReadOnlyList<(int, double)[]> rows, double[] weights, double penalty) =>
        rows.Sum(row => RowLoss(Score(weights, row))) + penalty / 2 * Dot(weights, weights);

    private static double[] Gradient(IReadOnlyList<(int Word, double Value)[]> rows, double[] weights, double penalty)
    {
        var gradient = Array.ConvertAll(weights, weight => penalty * weight);
        foreach (var row in rows)
        {
            Add(gradient, row, -Sigmoid(-Score(weights, row)));
        }
        return gradient;
    }

    // Solves H·d = −gradient roughly, where H = λ + Σ σ(1 − σ)·x·xᵀ is never written out.
    private static double[] Direction(IReadOnlyList<(int Word, double Value)[]> rows, double[] weights, double[] gradient, double penalty)
    {
        var curvature = rows.Select(row => Sigmoid(Score(weights, row)) is var p ? p * (1 - p) : 0).ToArray();
        var direction = new double[weights.Length];
        var residual = Array.ConvertAll(gradient, value => -value);
        var conjugate = (double[])residual.Clone();
        var squared = Dot(residual, residual);
        var enough = 0.01 * squared;   // a tenth of the norm
        for (var step = 0; step < MaxConjugateSteps && squared > enough; step++)
        {
            var product = Array.ConvertAll(conjugate, value => penalty * value);
            for (var i = 0; i < rows.Count; i++)
            {
                Add(product, rows[i], curvature[i] * Score(conjugate, rows[i]));
            }
            var length = squared / Dot(conjugate, product);
            direction = Moved(direction, conjugate, length);
            residual = Moved(residual, product, -length);
            var before = squared;
            squared = Dot(residual, residual);
            conjugate = Moved(residual, conjugate, squared / before);
        }
        return direction;
    }

    private static double Sigmoid(double x) => 1 / (1 + Math.Exp(-x));

    private static void Add(double[] sum, (int Word, double Value)[] row, double factor)
    {
        foreach (var (word, value) in row)
        {
            sum[word] += factor * value;
        }
    }

    private static double[] Moved(double[] from, double[] direction, double length)
    {
        var to = new double[from.Length];
        for (var i = 0; i < to.Length; i++)
        {
            to[i] = from[i] + length * direction[i];
        }
        return to;
    }

    private static double Dot(double[] a, double[] b)
    {
        var sum = 0.0;
        for (var i = 0; i < a.Length; i++)
        {
            sum += a[i] * b[i];
        }
        return sum;
    }

    private static double Norm(double[] vector) => Math.Sqrt(Dot(vector, vector));
}
