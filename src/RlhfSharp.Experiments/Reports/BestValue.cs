namespace RlhfSharp.Experiments.Reports;

/// <summary>Which value of a table's column is best, and stands out.</summary>
public enum BestValue
{
    /// <summary>None: the column does not rank.</summary>
    None,

    /// <summary>The highest; equal ones all stand out.</summary>
    Highest,

    /// <summary>The lowest; equal ones all stand out.</summary>
    Lowest,
}
