using RlhfSharp.Experiments.Runs;
using RlhfSharp.Models;
using RlhfSharp.Models.Checkpoints;
using RlhfSharp.Models.Tokenization;
using RlhfSharp.Training.Data;
using static TorchSharp.torch;

namespace RlhfSharp.Experiments.PinkElephants;

/// <summary>A model from a checkpoint that reads answers, to say how likely it finds them, or gives its own.</summary>
internal sealed class AnswerReader : IDisposable
{
    private AnswerReader(LanguageModel model, DialoguePrompts prompts) => (Model, Prompts) = (model, prompts);

    /// <summary>Gets the model.</summary>
    public LanguageModel Model { get; }

    /// <summary>Gets what writes dialogues out for it.</summary>
    public DialoguePrompts Prompts { get; }

    /// <summary>Loads a model with its tokenizer.</summary>
    /// <exception cref="RlhfSharp.Models.Runtime.InputException">There is no such checkpoint, or it cannot be used.</exception>
    public static AnswerReader Load(string path, IChatFormat format, ScalarType type, Device device)
    {
        var folder = CheckpointPath.Resolve(path);
        var tokenizer = TokenizerLoader.Load(folder);
        var model = Checkpoint.Load(folder, type, device);
        try
        {
            tokenizer.RequireFits(model.Config.VocabularySize, path);
            return new AnswerReader(model, new DialoguePrompts(tokenizer, format));
        }
        catch
        {
            model.Dispose();
            throw;
        }
    }

    /// <summary>Computes the negative log-likelihood per token of each answer.</summary>
    public double[] Losses(IReadOnlyList<AnsweredDialogue> answers, CancellationToken cancellationToken) =>
        Losses([.. answers.Select(answer => answer.Dialogue)], [.. answers.Select(answer => answer.Answer)], cancellationToken);

    /// <summary>Computes the negative log-likelihood per token of each good answer.</summary>
    public double[] ChosenLosses(IReadOnlyList<PinkElephantDialogue> dialogues, CancellationToken cancellationToken) =>
        Losses(dialogues, [.. dialogues.Select(dialogue => dialogue.Chosen)], cancellationToken);

    /// <summary>Computes the negative log-likelihood per token of each answer, which has no white space around it.</summary>
    public double[] Losses(IReadOnlyList<(string Id, Passage Prompt, string Answer)> answers, CancellationToken cancellationToken) =>
        AnswerLikelihood.PerToken(Model, Prompts.Answered(answers), cancellationToken);

    public void Dispose() => Model.Dispose();

    // Private: a text as it was sampled, white space in front of it, would be read as another answer.
    private double[] Losses(IReadOnlyList<PinkElephantDialogue> dialogues, IReadOnlyList<string> answers, CancellationToken cancellationToken) =>
        AnswerLikelihood.PerToken(Model, Prompts.Answered(dialogues, answers), cancellationToken);
}
