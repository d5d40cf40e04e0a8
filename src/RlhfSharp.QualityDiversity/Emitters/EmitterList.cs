namespace RlhfSharp.QualityDiversity.Emitters;

/// <summary>What holds for every list of emitters.</summary>
internal static class EmitterList
{
    public static void ThrowIfRepeated<TSolution>(IReadOnlyList<IEmitter<TSolution>> emitters)
    {
        ArgumentNullException.ThrowIfNull(emitters);
        if (emitters.Count == 0)
        {
            throw new ArgumentException("There is no emitter; at least one must propose solutions.", nameof(emitters));
        }
        if (emitters.Distinct(ReferenceEqualityComparer.Instance).Count() < emitters.Count)
        {
            throw new ArgumentException(
                "An emitter occurs more than once. Make one object per entry, with a seed of its own, instead of repeating the same object.", nameof(emitters));
        }
    }
}
