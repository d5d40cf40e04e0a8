namespace RlhfSharp.Experiments.Reports;

/// <summary>One answer of a model.</summary>
/// <param name="Prompt">What it was asked.</param>
/// <param name="Answer">What it said.</param>
/// <param name="Facts">Rewards and the like; shown even where the text is not.</param>
public sealed record ReportSample(string Prompt, string Answer, IReadOnlyList<ReportFact> Facts);
