using System.ComponentModel.DataAnnotations;

namespace RlhfSharp.Experiments.PinkElephants;

/// <summary>How much <see cref="PrincipleDialogues"/> writes, and how patient it is with the model.</summary>
public sealed record PrincipleOptions
{
    /// <summary>Gets the number of topics.</summary>
    /// <value>From 1 to 1000. The default is 10; the paper has 29.</value>
    [Range(1, 1000)]
    public int Topics { get; init; } = 10;

    /// <summary>Gets the number of pairs of things per topic.</summary>
    /// <value>From 1 to 1000. The default is 8; the paper has about 86.</value>
    [Range(1, 1000)]
    public int PairsPerTopic { get; init; } = 8;

    /// <summary>Gets the number of dialogues per pair; either thing is the one to avoid in half of them.</summary>
    /// <value>From 1 to 1000. The default is 6; the paper has 50.</value>
    [Range(1, 1000)]
    public int DialoguesPerPair { get; init; } = 6;

    /// <summary>Gets how often a question is asked again whose answer cannot be used.</summary>
    /// <value>From 0 to 20. The default is 2.</value>
    [Range(0, 20)]
    public int Reasks { get; init; } = 2;

    /// <summary>Gets how often an answer is rewritten before the dialogue is given up because the answer still names the thing.</summary>
    /// <value>From 1 to 20. The default is 3.</value>
    [Range(1, 20)]
    public int Revisions { get; init; } = 3;

    /// <summary>Gets the share of dialogues that also make a row without instruction, in which the answer that names the thing is the better one.</summary>
    /// <value>From 0 to 1. The default is 0.25, so that a fifth of all rows has no instruction.</value>
    [Range(0.0, 1.0)]
    public double PlainShare { get; init; } = 0.25;
}
