using static TorchSharp.torch;

namespace RlhfSharp.Models.Architectures;

/// <summary>Where tokens stand in their sequences.</summary>
internal static class SequencePositions
{
    /// <summary>Counts from each sequence's first token.</summary>
    /// <returns><c>[tokens]</c>.</returns>
    public static Tensor Of(IReadOnlyList<int> lengths, Device device) =>
        tensor(lengths.SelectMany(length => Enumerable.Range(0, length)).Select(position => (long)position).ToArray(), device: device);
}
