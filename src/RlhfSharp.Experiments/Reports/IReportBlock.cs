namespace RlhfSharp.Experiments.Reports;

/// <summary>One part of a <see cref="Report"/>. A new kind of block is a new implementation; nothing else needs to know of it.</summary>
public interface IReportBlock
{
    /// <summary>Writes the block. The same block must always write the same: reports are compared byte for byte.</summary>
    /// <param name="html">Where to; every element opened must be closed again.</param>
    void Render(HtmlWriter html);
}
