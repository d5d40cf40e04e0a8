namespace RlhfSharp.Models.Architectures;

/// <summary>What a block of a training step takes, in numbers (not bytes).</summary>
/// <param name="Kept">Kept from the forward pass for the backward pass: what libtorch's operations save, each tensor once.</param>
/// <param name="Made">Everything its operations give, what is kept among it: the block holds all of it until it is computed, also where nothing trains.</param>
/// <param name="Passing">Alive besides while the backward pass is in the block: gradients on their way.</param>
public readonly record struct BlockMemory(long Kept, long Made, long Passing);
