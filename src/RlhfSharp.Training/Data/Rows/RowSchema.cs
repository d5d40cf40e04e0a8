namespace RlhfSharp.Training.Data;

/// <summary>What the rows of a data set mean: recipe key <c>schema</c>. The names are those of TRL's data set types.</summary>
/// <remarks>https://huggingface.co/docs/trl/dataset_formats. Each exists in a standard form (columns are strings) and a conversational one (columns
/// are lists of <c>{role, content}</c>); which one shows in each row.</remarks>
public enum RowSchema
{
    /// <summary>The columns of a file's first row decide.</summary>
    Auto,

    /// <summary><c>text</c> or <c>messages</c>.</summary>
    LanguageModeling,

    /// <summary><c>prompt</c>.</summary>
    PromptOnly,

    /// <summary><c>prompt</c>, <c>completion</c>.</summary>
    PromptCompletion,

    /// <summary><c>prompt</c>, <c>chosen</c>, <c>rejected</c>.</summary>
    Preference,

    /// <summary><c>chosen</c>, <c>rejected</c>: the prompt is how both begin. Anthropic's dialogue strings are of this kind.</summary>
    ImplicitPreference,

    /// <summary><c>prompt</c>, <c>completion</c>, <c>label</c> (true: desirable).</summary>
    UnpairedPreference,

    /// <summary><c>prompt</c>, <c>completion</c> with <c>reward</c> or <c>token_rewards</c>; <c>messages</c> with <c>reward</c> or <c>rewards</c>;
    /// <c>text</c> with <c>reward</c>.</summary>
    Rewarded,
}
