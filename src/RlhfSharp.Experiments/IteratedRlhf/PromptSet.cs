using RlhfSharp.Experiments.PinkElephants;
using RlhfSharp.Experiments.Recipes;
using RlhfSharp.Models.Runtime;
using RlhfSharp.Models.Tokenization;
using RlhfSharp.Training.Data;
using RlhfSharp.Training.Rollouts;

namespace RlhfSharp.Experiments.IteratedRlhf;

/// <summary>The prompts of an experiment: those to label and to train on, and those held out.</summary>
/// <param name="Training">To label and to train on.</param>
/// <param name="HeldOut">To measure on.</param>
/// <param name="Format">Writes dialogues out for the policy.</param>
internal sealed record PromptSet(IReadOnlyList<RolloutPrompt> Training, IReadOnlyList<RolloutPrompt> HeldOut, IChatFormat Format)
{
    /// <summary>Gets all prompts by their ids.</summary>
    public IReadOnlyDictionary<string, RolloutPrompt> ById { get; } = Training.Concat(HeldOut).ToDictionary(prompt => prompt.Id, StringComparer.Ordinal);

    /// <summary>Reads the prompts that a recipe asks for.</summary>
    /// <exception cref="InputException">The data has none.</exception>
    public static PromptSet Read(DataOptions data, Tokenizer tokenizer) => data is PinkElephantDataOptions elephants
        ? PinkElephants(elephants, tokenizer)
        : throw new InputException("rlhf iterate takes prompts from data.kind: pink-elephants.");

    private static PromptSet PinkElephants(PinkElephantDataOptions options, Tokenizer tokenizer)
    {
        var set = options.Folder is { } folder ? DialogueFiles.ReadFolder(folder) : DialogueSet.Create(options.DialogueSeed);
        var format = ChatFormats.Get(options.Format);
        var prompts = new DialoguePrompts(tokenizer, format);
        IReadOnlyList<RolloutPrompt> Of(IReadOnlyList<PinkElephantDialogue> dialogues) =>
            [.. dialogues.Select(dialogue => new RolloutPrompt(dialogue.Id, new Passage(dialogue.Prompt), prompts.Prompt(dialogue)))];
        return new PromptSet(Of(DialogueSet.Some(set.Training, options.Dialogues)), Of(set.Evaluation), format);
    }
}
