namespace RlhfSharp.Models.Heads;

/// <summary>How the Q heads of implicit language Q-learning start.</summary>
public enum QInitialization
{
    /// <summary>At random, as in trlX.</summary>
    Random,

    /// <summary>As a small multiple of the language model's own scores, with a little randomness so that two heads differ. Q's output rows then lie
    /// where the model's word vectors do, so that what is learnt about one word in a role carries over to others from the first step.</summary>
    LanguageModel,
}
