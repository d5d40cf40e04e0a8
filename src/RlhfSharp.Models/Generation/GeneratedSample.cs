namespace RlhfSharp.Models.Generation;

/// <summary>What a model wrote.</summary>
/// <param name="Prompt">Index of the prompt.</param>
/// <param name="Sample">Index of the sample of that prompt.</param>
/// <param name="Tokens">The new tokens, the one that ended the sample included.</param>
/// <param name="LogProbs">For each of them the log-probability under the model, before any processor, temperature or cut.</param>
/// <param name="SamplingLogProbs">The same under the distribution it was drawn from; 0 where the choice was greedy.</param>
/// <param name="Finish">Why it ended.</param>
/// <param name="Text">The new text without end tokens and stop strings; empty where the generator has no tokenizer.</param>
public sealed record GeneratedSample(
    int Prompt,
    int Sample,
    IReadOnlyList<int> Tokens,
    IReadOnlyList<double> LogProbs,
    IReadOnlyList<double> SamplingLogProbs,
    FinishReason Finish,
    string Text);
