namespace RlhfSharp.Experiments.Recipes;

/// <summary>Converts the texts of scalars.</summary>
internal static class ScalarText
{
    /// <summary>Reads a scalar as a type of <see cref="ScalarShape.All"/>.</summary>
    /// <returns>Null when it is none. Any scalar is a text, also <c>1.10</c> without quotation marks; what stands in them is nothing else.</returns>
    public static object? Parse(ScalarNode node, Type type)
    {
        if (type == typeof(string))
        {
            return node.Text;
        }
        if (!node.IsPlain)
        {
            return null;
        }
        if (type == typeof(bool))
        {
            return PlainScalar.Boolean(node.Text);
        }
        if (type == typeof(double))
        {
            return PlainScalar.Number(node.Text);
        }
        var number = PlainScalar.Integer(node.Text);
        if (type == typeof(long))
        {
            return number;
        }
        return number is >= int.MinValue and <= int.MaxValue ? (int)number : null;
    }

    /// <summary>Writes a value so that <see cref="Parse"/> gives it back.</summary>
    public static ScalarNode Write(Origin origin, object value) => value is string text
        ? new ScalarNode(origin, text, PlainScalar.IsSafeText(text))
        : new ScalarNode(origin, ValueRule.Name(value), isPlain: true);
}
