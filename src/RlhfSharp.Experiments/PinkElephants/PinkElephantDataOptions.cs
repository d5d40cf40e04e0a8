using System.ComponentModel.DataAnnotations;
using RlhfSharp.Experiments.Recipes;
using RlhfSharp.Training;

namespace RlhfSharp.Experiments.PinkElephants;

/// <summary>Dialogues of the pink-elephant task, good answers rewarded with +1 and bad ones with −1; recipe section <c>data</c> with <c>kind:
/// pink-elephants</c>. Supervised fine-tuning sees the good answers only.</summary>
[RecipeKind("pink-elephants")]
public sealed record PinkElephantDataOptions : DataOptions
{
    /// <summary>Gets the folder of the dialogues, as <c>rlhf data pink-elephants</c> writes it.</summary>
    /// <value>With <c>train.jsonl</c>, <c>validation.jsonl</c> and <c>evaluation.jsonl</c>. Null, the default, for the built-in dialogues.</value>
    public string? Folder { get; init; }

    /// <summary>Gets the seed of the built-in dialogues' wording; it is not the run's seed, and the pairs of things are always the same.</summary>
    /// <value>The default is 0.</value>
    public long DialogueSeed { get; init; }

    /// <summary>Gets the number of training dialogues.</summary>
    /// <value>0, the default, takes all of them. Fewer are drawn from all pairs evenly.</value>
    [Range(0, int.MaxValue)]
    public int Dialogues { get; init; }

    /// <summary>Gets which token receives the reward.</summary>
    /// <value>The default is the end of the answer, as in trlX.</value>
    public RewardPlace Reward { get; init; } = RewardPlace.End;

    /// <summary>Gets how dialogues are written out for the model.</summary>
    /// <value>The name of a chat format. The default is human-assistant, the one of the built-in world.</value>
    public string Format { get; init; } = "human-assistant";
}
