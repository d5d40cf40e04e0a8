namespace RlhfSharp.Benchmarks.Workloads;

/// <summary>Counts the floating-point operations of matrix products; everything else is small beside them.</summary>
internal static class UsefulFlops
{
    private const int PerBackwardAndForward = 3;   // a gradient takes two products for each one of the forward pass

    /// <summary>Counts a backbone's forward pass over some tokens of a sequence.</summary>
    /// <param name="shape">The model.</param>
    /// <param name="first">The position of the first token; those before it are in the cache.</param>
    /// <param name="count">How many tokens.</param>
    public static double Backbone(ModelShape shape, long first, long count)
    {
        double hidden = shape.Hidden;
        var perToken = 2 * 12 * hidden * hidden;                                          // query, key, value, output; two of four times the width
        var pairs = count * first + count * (count + 1) / 2.0;                            // token i looks at i + 1
        return shape.Layers * (count * perToken + 4 * hidden * pairs);
    }

    /// <summary>Counts the scores of all tokens at one position.</summary>
    public static double Logits(ModelShape shape) => 2.0 * shape.Hidden * shape.Vocabulary;

    /// <summary>Counts one head of two layers at one position.</summary>
    public static double Head(ModelShape shape, long outputs) => 2.0 * (2 * shape.Hidden) * (shape.Hidden + outputs);

    /// <summary>Counts an update that learns a dialogue's answers: the backward pass included, blocks computed once.</summary>
    /// <param name="shape">The model.</param>
    /// <param name="length">The dialogue's tokens.</param>
    /// <param name="actions">How many of them are answers.</param>
    public static double Update(ModelShape shape, int length, int actions) =>
        PerBackwardAndForward * (Backbone(shape, 0, length) + actions * Logits(shape));

    /// <summary>Counts an ILQL update on a dialogue: the backward pass included, target Q of the taken tokens alone.</summary>
    /// <param name="shape">The model.</param>
    /// <param name="length">The dialogue's tokens.</param>
    /// <param name="actions">How many of them are answers.</param>
    public static double IlqlUpdate(ModelShape shape, int length, int actions)
    {
        var trained = Backbone(shape, 0, length) + actions * (Logits(shape) + 2 * Head(shape, shape.Vocabulary)) + (actions + 1) * Head(shape, 1);
        return PerBackwardAndForward * trained + actions * 2 * Head(shape, 1);
    }

    /// <summary>Counts the continuation of prompts.</summary>
    /// <param name="shape">The model.</param>
    /// <param name="prompts">How many prompts are read.</param>
    /// <param name="promptLength">The tokens of each.</param>
    /// <param name="rows">How many continuations.</param>
    /// <param name="newTokens">The tokens of each.</param>
    /// <param name="ilql">Whether two target Q and V steer.</param>
    public static double Generation(ModelShape shape, int prompts, int promptLength, int rows, int newTokens, bool ilql)
    {
        var heads = ilql ? 2 * Head(shape, shape.Vocabulary) + Head(shape, 1) : 0;
        return prompts * Backbone(shape, 0, promptLength)
            + rows * (Backbone(shape, promptLength, newTokens - 1) + newTokens * (Logits(shape) + heads));
    }
}
