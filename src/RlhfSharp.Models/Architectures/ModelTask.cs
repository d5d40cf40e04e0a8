namespace RlhfSharp.Models.Architectures;

/// <summary>What a checkpoint's model is for, by the class that <c>architectures</c> names.</summary>
public enum ModelTask
{
    /// <summary>The configuration names no class.</summary>
    Unknown,

    /// <summary>Says what comes next: <c>…ForCausalLM</c>, <c>…LMHeadModel</c>.</summary>
    LanguageModel,

    /// <summary>Scores whole sequences: <c>…ForSequenceClassification</c>, UltraRM's <c>LlamaRewardModel</c>.</summary>
    SequenceClassification,
}
