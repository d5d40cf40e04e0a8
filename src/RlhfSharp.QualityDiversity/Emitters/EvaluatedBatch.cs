using RlhfSharp.QualityDiversity.Archives;

namespace RlhfSharp.QualityDiversity.Emitters;

/// <summary>Solutions that were evaluated and offered to the archive.</summary>
/// <typeparam name="TSolution">What is searched for.</typeparam>
/// <param name="Solutions">As they were offered, <c>[batch]</c>.</param>
/// <param name="Objectives">Higher is better, <c>[batch]</c>.</param>
/// <param name="Measures">Where they lie, <c>[batch, measures]</c>.</param>
/// <param name="Results">What became of them, <c>[batch]</c>.</param>
public sealed record EvaluatedBatch<TSolution>(
    IReadOnlyList<TSolution> Solutions, IReadOnlyList<double> Objectives, double[,] Measures, IReadOnlyList<AddResult> Results)
{
    internal EvaluatedBatch<TSolution> Rows(int from, int count)
    {
        var measures = new double[count, Measures.GetLength(1)];
        Array.Copy(Measures, from * Measures.GetLength(1), measures, 0, measures.Length);
        return new([.. Solutions.Skip(from).Take(count)], [.. Objectives.Skip(from).Take(count)], measures, [.. Results.Skip(from).Take(count)]);
    }
}
