using RlhfSharp.Experiments.Runs;
using RlhfSharp.Models;
using RlhfSharp.Models.Generation;
using RlhfSharp.Models.Heads;
using RlhfSharp.Training.Data;
using RlhfSharp.Training.Rollouts;

namespace RlhfSharp.Experiments.PinkElephants;

/// <summary>Lets a local model answer dialogues.</summary>
internal static class LocalAnswers
{
    private const int BatchSize = 128;

    /// <summary>Answers each dialogue with one sample, or with the best of several.</summary>
    /// <param name="model">The model.</param>
    /// <param name="prompts">Writes dialogues out for it.</param>
    /// <param name="dialogues">What to answer.</param>
    /// <param name="options">Temperature, top-k, length.</param>
    /// <param name="beta">How strongly ILQL heads steer; 0, or a model without heads: not at all.</param>
    /// <param name="seed">The run's seed.</param>
    /// <param name="best">Chooses among several samples; null where there is one.</param>
    /// <param name="cancellationToken">Asked before each token.</param>
    public static IReadOnlyList<string> Sample(
        LanguageModel model,
        DialoguePrompts prompts,
        IReadOnlyList<PinkElephantDialogue> dialogues,
        PinkElephantEvaluationOptions options,
        double beta,
        long seed,
        BestAnswer? best,
        CancellationToken cancellationToken)
    {
        var steering = model.Head<IlqlHeads>() is { } heads && beta > 0 ? [new IlqlSteering(heads, beta)] : Array.Empty<ILogitsProcessor>();
        var generation = new GenerationOptions { MaxNewTokens = options.MaxNewTokens, Temperature = options.Temperature, TopK = options.TopK };
        var samples = Draw(model, prompts, [.. dialogues.Select(prompts.Prompt)], best?.Samples ?? 1, generation, steering, seed, cancellationToken);
        IReadOnlyList<RolloutPrompt> Asked() => [.. dialogues.Select(dialogue => new RolloutPrompt(dialogue.Id, new Passage(dialogue.Prompt), prompts.Prompt(dialogue)))];
        return [.. (best?.Choose(Asked(), samples, cancellationToken) ?? samples).Select(sample => sample.Text)];
    }

    /// <summary>Samples one answer to each question.</summary>
    /// <param name="model">The model.</param>
    /// <param name="prompts">How questions were written out.</param>
    /// <param name="questions">Their tokens.</param>
    /// <param name="generation">How to sample; where answers stop is added.</param>
    /// <param name="steering">What changes the logits; may be empty.</param>
    /// <param name="seed">The run's seed.</param>
    /// <param name="cancellationToken">Asked before each token.</param>
    public static IReadOnlyList<string> Sample(
        LanguageModel model,
        DialoguePrompts prompts,
        IReadOnlyList<IReadOnlyList<int>> questions,
        GenerationOptions generation,
        IReadOnlyList<ILogitsProcessor> steering,
        long seed,
        CancellationToken cancellationToken) =>
        [.. Draw(model, prompts, questions, 1, generation, steering, seed, cancellationToken).Select(sample => sample.Text)];

    private static IReadOnlyList<GeneratedSample> Draw(
        LanguageModel model,
        DialoguePrompts prompts,
        IReadOnlyList<IReadOnlyList<int>> questions,
        int samplesPerQuestion,
        GenerationOptions generation,
        IReadOnlyList<ILogitsProcessor> steering,
        long seed,
        CancellationToken cancellationToken)
    {
        int[] ends = prompts.Tokenizer.EosId is { } end ? [end] : [];
        return new TextGenerator(model, ends, prompts.Tokenizer).Generate(
            questions, samplesPerQuestion, generation with { StopStrings = prompts.Format.StopStrings, BatchSize = BatchSize }, seed, steering, cancellationToken: cancellationToken);
    }
}
