namespace RlhfSharp.Experiments.PinkElephants;

/// <summary>A list that a model is asked for, a few entries at a time.</summary>
/// <param name="Batch">The largest number of entries per answer: long answers wander.</param>
/// <param name="Question">Asks for a number of entries beyond those there are.</param>
/// <param name="Parse">Reads the entries of an answer.</param>
/// <param name="Refuse">Says why an entry is not taken beside those there are; null if it is.</param>
internal sealed record ListRequest<T>(
    int Batch,
    Func<int, IReadOnlyList<T>, string> Question,
    Func<string, Parsed<IReadOnlyList<T>>> Parse,
    Func<T, IReadOnlyList<T>, string?> Refuse)
    where T : class;
