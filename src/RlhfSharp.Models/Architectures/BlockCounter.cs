namespace RlhfSharp.Models.Architectures;

/// <summary>Counts what the operations of a block save for its backward pass, for a batch.</summary>
/// <remarks>A product saves its input only if its weight trains, a norm its input always, an activation function its input, a product of two results both,
/// the attention kernel queries, keys, values and its result. Sums save nothing.</remarks>
/// <param name="parameters">Tell which layers train.</param>
/// <param name="lengths">The number of tokens of each sequence.</param>
internal sealed class BlockCounter(ParameterSet parameters, IReadOnlyList<int> lengths)
{
    private long _made;
    private long _widest;   // result of an adapter: it lives beside its layer's own until they are added

    /// <summary>Gets the number of tokens.</summary>
    public long Tokens { get; } = lengths.Sum(length => (long)length);

    /// <summary>Gets the number of sequences.</summary>
    public long Rows => lengths.Count;

    /// <summary>Gets the length of the longest sequence.</summary>
    public long Longest { get; } = lengths.Max();

    /// <summary>Gets whether sequences are padded for the attention product, so that its operands are copies.</summary>
    public bool IsPadded { get; } = lengths.Distinct().Skip(1).Any();

    /// <summary>Gets what was counted so far.</summary>
    public long Kept { get; private set; }

    /// <summary>Counts something kept per token.</summary>
    public void Keep(long perToken) => Kept += Tokens * perToken;

    /// <summary>Counts something that is kept, is made for that alone and does not go by tokens.</summary>
    public void KeepWhole(long numbers)
    {
        Kept += numbers;
        MakeWhole(numbers);
    }

    /// <summary>Counts results per token, kept or not.</summary>
    public void Make(long perToken) => MakeWhole(Tokens * perToken);

    /// <summary>Counts results that do not go by tokens.</summary>
    public void MakeWhole(long numbers) => _made += numbers;

    /// <summary>Counts the input of linear layers that share it, if one of them trains; an adapter's narrow results too.</summary>
    public void Product(long width, params string[] layers)
    {
        var adapter = parameters.Adapter;
        var pairs = layers.Where(layer => adapter?.Tensors($"{layer}.weight") is not null).ToList();
        if (pairs.Count > 0 || layers.Any(Trains))
        {
            Keep(width);
        }
        if (adapter is not null)
        {
            var narrow = pairs.Count * (adapter.Options.Rank + (adapter.Options.Dropout > 0 ? width * 2 : 0));   // what is left of the input, and the mask in bytes beside it
            Keep(narrow);
            Make(narrow);
            _widest = pairs.Select(layer => Tokens * adapter.Tensors($"{layer}.weight")![1].size(0)).Append(_widest).Max();
        }
    }

    /// <summary>Counts a norm that is put together from simple operations: what it divided, if its gain trains.</summary>
    public void ComposedNorm(long width, string name)
    {
        var divided = parameters[name].requires_grad ? width + 1 : 1;
        Keep(divided);
        Make(width + divided);
    }

    /// <summary>Finishes.</summary>
    /// <param name="passingPerToken">The gradients that are on their way at once.</param>
    public BlockMemory Done(long passingPerToken) => new(Kept, _made + _widest, Tokens * passingPerToken);

    private bool Trains(string layer) => parameters[$"{layer}.weight"].requires_grad;
}
