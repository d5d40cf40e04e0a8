namespace RlhfSharp.Experiments.PinkElephants;

/// <summary>Which dialogues are taken.</summary>
public enum DialogueKinds
{
    /// <summary>All of them.</summary>
    All,

    /// <summary>Those whose instruction forbids what the person asks about: the task itself.</summary>
    Forbidding,

    /// <summary>The others, where what the person asks about may be named: without an instruction, or under one that forbids something else.</summary>
    Free,
}
