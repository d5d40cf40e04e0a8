namespace RlhfSharp.Experiments.PinkElephants;

/// <summary>Which dialogues are taken.</summary>
public enum DialogueKinds
{
    /// <summary>All of them.</summary>
    All,

    /// <summary>Those whose instruction forbids what the person asks about: the task itself.</summary>
    Forbidding,

    /// <summary>The others, which any good answer satisfies: without an instruction, or under one about something else.</summary>
    Free,
}
