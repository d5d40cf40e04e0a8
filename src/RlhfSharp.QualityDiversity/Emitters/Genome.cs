namespace RlhfSharp.QualityDiversity.Emitters;

/// <summary>How a solution is made of numbers, for emitters that vary numbers.</summary>
/// <typeparam name="TSolution">What is searched for.</typeparam>
/// <param name="Read">Gets the numbers of a solution. Emitters do not write to them.</param>
/// <param name="Create">Makes a solution of new numbers, without what only its evaluation will add.</param>
public sealed record Genome<TSolution>(Func<TSolution, IReadOnlyList<double>> Read, Func<double[], TSolution> Create);
