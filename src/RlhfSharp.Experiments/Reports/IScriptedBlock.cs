namespace RlhfSharp.Experiments.Reports;

/// <summary>A block that comes to life where scripts may run. What it renders must be of use without one.</summary>
internal interface IScriptedBlock : IReportBlock
{
    /// <summary>Gets the script, which runs after the whole page was read; from our own files, never from data. Lines end in a line feed.</summary>
    string Script { get; }

    /// <summary>Gets what is added to the report's style sheet; from our own files.</summary>
    string Style { get; }
}
