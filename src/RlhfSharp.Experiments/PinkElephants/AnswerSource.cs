namespace RlhfSharp.Experiments.PinkElephants;

/// <summary>Whose answers a model learns from.</summary>
public enum AnswerSource
{
    /// <summary>The good and the bad answer that stand in the data.</summary>
    Written,

    /// <summary>Answers of the model that training starts from, drawn once before it and called good or bad afterwards: nobody wrote what ought to be said.</summary>
    Sampled,
}
