namespace RlhfSharp.Experiments.RewardMaps;

/// <summary>What a reward model reads of a text. The same model can rank texts differently under two templates.</summary>
public enum RewardTemplate
{
    /// <summary>The text alone.</summary>
    Bare,

    /// <summary>The text, and below it a request to rate it: what the hackathon's map was made with.</summary>
    Suffix,

    /// <summary>What was asked for as the prompt, or one prompt for all, and the text as the answer: what reward models are trained on.</summary>
    Pair,

    /// <summary>What was asked for as a turn of the user, and the text as the assistant's, written out as the model's format has it: what models of dialogues are trained on.</summary>
    Dialogue,
}
