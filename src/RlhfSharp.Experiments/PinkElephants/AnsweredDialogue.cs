namespace RlhfSharp.Experiments.PinkElephants;

/// <summary>A dialogue with the answer that a model gave, and what the answer is like.</summary>
/// <param name="Dialogue">The dialogue.</param>
/// <param name="Answer">What the model said.</param>
/// <param name="MentionsAvoid">Whether it mentions the pink elephant.</param>
/// <param name="MentionsPrefer">Whether it speaks of what may be spoken of instead.</param>
/// <param name="MentionsOther">Whether it names a third thing of the topic.</param>
/// <param name="IsWellFormed">Whether the built-in grammar could have written it; null for topics that it does not know.</param>
public sealed record AnsweredDialogue(
    PinkElephantDialogue Dialogue, string Answer, bool MentionsAvoid, bool MentionsPrefer, bool MentionsOther, bool? IsWellFormed)
{
    /// <summary>Gets a value indicating whether it leaves out what must not be named, or names what was asked about where nothing forbids it: the label of the data.</summary>
    public bool Obeys => MentionsAvoid != (Dialogue.Instruction == InstructionKind.Avoid);
}
