namespace RlhfSharp.Experiments.PinkElephants;

/// <summary>What could be made of a model's answer.</summary>
/// <typeparam name="T">What was looked for.</typeparam>
/// <param name="Value">What was found; null if nothing.</param>
/// <param name="Problem">Why nothing was found, in a few words that are the same for all such answers: they are counted.</param>
internal readonly record struct Parsed<T>(T? Value, string Problem)
    where T : class
{
    public static Parsed<T> Of(T value) => new(value, string.Empty);

    public static Parsed<T> Unusable(string problem) => new(null, problem);
}
