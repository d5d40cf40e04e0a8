using static TorchSharp.torch;

namespace RlhfSharp.Models.Generation;

/// <summary>A prompt while samples continue it.</summary>
/// <param name="index">Index of the prompt.</param>
/// <param name="tokens">Its tokens.</param>
/// <param name="samples">How many samples continue it.</param>
internal sealed class GenerationPrompt(int index, IReadOnlyList<int> tokens, int samples)
{
    public int Index => index;

    public IReadOnlyList<int> Tokens => tokens;

    /// <summary>Gets or sets how many of its samples are not finished.</summary>
    public int Unfinished { get; set; } = samples;

    /// <summary>Gets or sets its keys and values; null before it is read and after its last sample.</summary>
    public CachedSequence? Cached { get; set; }

    /// <summary>Gets or sets the hidden state after its last token, <c>[1, hidden]</c>, from which every sample of it begins; kept as long as
    /// <see cref="Cached"/>.</summary>
    public Tensor? LastHidden { get; set; }
}
