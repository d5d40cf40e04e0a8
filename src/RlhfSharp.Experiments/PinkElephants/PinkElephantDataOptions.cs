using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;
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

    /// <summary>Gets which dialogues are taken, in training and in evaluations.</summary>
    /// <value>The default is all.</value>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]   // what was computed before this setting existed is found again
    public DialogueKinds Kinds { get; init; }

    /// <summary>Gets the number of training dialogues.</summary>
    /// <value>0, the default, takes all of them. Fewer are drawn from all pairs evenly.</value>
    [Range(0, int.MaxValue)]
    public int Dialogues { get; init; }

    /// <summary>Gets whose answers are learnt from.</summary>
    /// <value>The default is written: those of the data. With sampled, the model that training starts from answers each training dialogue before the first step, and a rule calls
    /// each answer good or bad; objectives that imitate read the good ones, preferences are made of both.</value>
    public AnswerSource Answers { get; init; } = AnswerSource.Written;

    /// <summary>Gets how many answers to each training dialogue are drawn, at temperature 1.</summary>
    /// <value>From 1 up. The default is 4. Read where answers are sampled.</value>
    [Range(1, 1000)]
    public int SamplesPerDialogue { get; init; } = 4;

    /// <summary>Gets the most tokens of such an answer.</summary>
    /// <value>From 1 up. The default is 60.</value>
    [Range(1, 100_000)]
    public int AnswerTokens { get; init; } = 60;

    /// <summary>Gets which token receives the reward.</summary>
    /// <value>The default is the end of the answer, as in trlX.</value>
    public RewardPlace Reward { get; init; } = RewardPlace.End;

    /// <summary>Gets how dialogues are written out for the model.</summary>
    /// <value>The name of a chat format. The default is human-assistant, the one of the built-in world.</value>
    public string Format { get; init; } = "human-assistant";
}
