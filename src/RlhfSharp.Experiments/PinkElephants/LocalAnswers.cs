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
        var generation = new GenerationOptions
        {
            MaxNewTokens = options.MaxNewTokens,
            Temperature = options.Temperature,
            TopK = options.TopK,
            StopStrings = prompts.Format.StopStrings,
            BatchSize = BatchSize,
        };
        int[] ends = prompts.Tokenizer.EosId is { } end ? [end] : [];
        var samples = new TextGenerator(model, ends, prompts.Tokenizer)
            .Generate([.. dialogues.Select(prompts.Prompt)], best?.Samples ?? 1, generation, seed, steering, cancellationToken: cancellationToken);
        IReadOnlyList<RolloutPrompt> Asked() => [.. dialogues.Select(dialogue => new RolloutPrompt(dialogue.Id, new Passage(dialogue.Prompt), prompts.Prompt(dialogue)))];
        return [.. (best?.Choose(Asked(), samples, cancellationToken) ?? samples).Select(sample => sample.Text)];
    }
}
