namespace RlhfSharp.QualityDiversity.Archives;

/// <summary>A solution that an archive holds.</summary>
/// <typeparam name="TSolution">What is searched for, and all that belongs to it.</typeparam>
/// <param name="Solution">The solution as it was offered; the archive makes no copy.</param>
/// <param name="Objective">Higher is better.</param>
/// <param name="Measures">Where it lies, <c>[measures]</c>; a copy.</param>
/// <param name="Cell">The cell that holds it.</param>
/// <param name="Number">How many solutions had been offered to the archive before it, rejected ones included.</param>
public sealed record Elite<TSolution>(TSolution Solution, double Objective, IReadOnlyList<double> Measures, int Cell, long Number);
