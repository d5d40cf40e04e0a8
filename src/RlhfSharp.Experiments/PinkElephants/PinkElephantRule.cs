namespace RlhfSharp.Experiments.PinkElephants;

/// <summary>What an answer may be rewarded for.</summary>
public enum PinkElephantRule
{
    /// <summary>+1 for leaving out what must not be named, or for naming what was asked about where nothing forbids it; −1 otherwise: the labels of the data.</summary>
    Obeys,

    /// <summary>+1 for naming what a good answer names, 0 otherwise: to name nothing is not enough.</summary>
    OnTopic,

    /// <summary>−1 for naming a thing that stands nowhere in the dialogue's pair, 0 otherwise.</summary>
    NoOther,

    /// <summary>The answer's number of words over <c>words</c>, at most 1: to be silent is not enough.</summary>
    LongEnough,

    /// <summary>−1 for what the built-in world's grammar could not have written, 0 otherwise: word salad is not enough. Other topics have no grammar.</summary>
    WellFormed,
}
