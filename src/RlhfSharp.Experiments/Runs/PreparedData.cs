using RlhfSharp.Models;
using RlhfSharp.Models.Tokenization;
using RlhfSharp.Training.Data;
using RlhfSharp.Training.Runs;

namespace RlhfSharp.Experiments.Runs;

/// <summary>Data ready for training: rows as tokens, and how to measure a model on what was held out.</summary>
internal sealed record PreparedData
{
    /// <summary>Gets the rows to train on.</summary>
    public required IReadOnlyList<TokenizedDialogue> Train { get; init; }

    /// <summary>Gets what makes the evaluation of a model with a seed.</summary>
    public required Func<LanguageModel, Tokenizer, long, IEvaluation> Evaluation { get; init; }

    /// <summary>Gets facts about the data worth a line in the report.</summary>
    public IReadOnlyList<DataFact> Facts { get; init; } = [];
}
