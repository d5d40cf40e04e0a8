namespace RlhfSharp.QualityDiversity.Emitters;

/// <summary>The genome of solutions that are nothing but numbers.</summary>
public static class VectorGenome
{
    /// <summary>Gets the genome of plain arrays.</summary>
    public static Genome<double[]> Instance { get; } = new(numbers => numbers, numbers => numbers);
}
