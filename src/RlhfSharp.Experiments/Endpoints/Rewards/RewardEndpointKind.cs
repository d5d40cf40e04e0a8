namespace RlhfSharp.Experiments.Endpoints;

/// <summary>What a server of reward models understands.</summary>
public enum RewardEndpointKind
{
    /// <summary>vLLM's <c>/pooling</c>: the raw score.</summary>
    VllmPooling,

    /// <summary>vLLM's <c>/classify</c>: a probability, unless the server was told to leave scores as they are.</summary>
    VllmClassify,

    /// <summary>text-embeddings-inference's <c>/predict</c>: the raw score; the only one that takes prompt and answer as a pair.</summary>
    TextEmbeddingsInference,

    /// <summary>OpenRLHF's <c>/get_reward</c>.</summary>
    OpenRlhf,
}
