using RlhfSharp.Training.Metrics;

namespace RlhfSharp.Experiments.RewardMaps;

/// <summary>What something is worth by itself: a label, two labels together, or length.</summary>
/// <param name="Name">For instance <c>genre/sonnet</c>, <c>genre+tone/ballad+romantic</c> or <c>length</c>.</param>
/// <param name="Value">A label: its mean reward minus the mean of all labels of its axis, the other axes equal. Two labels: what their cell earns beyond what the two say on their own.
/// Length: what a text of twice the length earns more.</param>
/// <param name="Interval">95%, of this value by itself.</param>
/// <param name="Holds">Whether it differs from 0 together with all others of its family (the labels of an axis, the cells of two axes): Holm's procedure at 5%.</param>
internal sealed record MapDeviation(string Name, double Value, Interval Interval, bool Holds)
{
    public const string Length = "length";

    /// <summary>Names what a label is worth.</summary>
    public static string NameOf(string axis, string label) => $"{axis}/{label}";

    /// <summary>Names what two labels are worth together.</summary>
    public static string NameOf(string axis, string otherAxis, string label, string otherLabel) => $"{axis}+{otherAxis}/{label}+{otherLabel}";
}
