using static TorchSharp.torch;

namespace RlhfSharp.Training.Data;

/// <summary>The answer tokens of a batch seen as actions: which state each leaves, which it reaches, what it earned.</summary>
/// <remarks>A dialogue with k actions has k + 1 states: the positions before its answer tokens, and its last position (trlX, offline_pipeline.py).
/// What the other side says between two answers is a transition: the state after an answer is the position before the next answer token.</remarks>
public sealed class ActionLayout
{
    private readonly int[] _actionsPerDialogue;

    private ActionLayout(int[] actionsPerDialogue, Tensor rewards)
    {
        _actionsPerDialogue = actionsPerDialogue;
        Rewards = rewards;
        var (states, next, continues) = (new List<long>(), new List<long>(), new List<float>());
        var first = 0L;   // the dialogue's first state
        foreach (var count in actionsPerDialogue)
        {
            states.AddRange(Enumerable.Range(0, count).Select(action => first + action));
            next.AddRange(Enumerable.Range(1, count).Select(action => first + action));
            continues.AddRange(Enumerable.Range(1, count).Select(action => action < count ? 1f : 0f));
            first += count + 1;
        }
        State = tensor(states.ToArray(), device: rewards.device);
        NextState = tensor(next.ToArray(), device: rewards.device);
        Continues = tensor(continues.ToArray(), device: rewards.device);
    }

    /// <summary>Gets the index of the state each action leaves, <c>[actions]</c>.</summary>
    public Tensor State { get; }

    /// <summary>Gets the index of the state each action reaches, <c>[actions]</c>.</summary>
    public Tensor NextState { get; }

    /// <summary>Gets 1 where the dialogue goes on after the action and 0 at its end, <c>[actions]</c>.</summary>
    public Tensor Continues { get; }

    /// <summary>Gets what each action earned, <c>[actions]</c>.</summary>
    public Tensor Rewards { get; }

    /// <summary>Lays out a batch.</summary>
    /// <param name="actionsPerDialogue">How many actions each dialogue has.</param>
    /// <param name="rewards">What each action earned, dialogue after dialogue, <c>[actions]</c>.</param>
    /// <returns>The layout, on the device of the rewards.</returns>
    public static ActionLayout Create(IReadOnlyList<int> actionsPerDialogue, Tensor rewards) => new([.. actionsPerDialogue], rewards);

    /// <summary>Sums each action's value and those of the later actions of its dialogue, each discounted once per step.</summary>
    /// <param name="values"><c>[actions]</c>.</param>
    /// <param name="discount">0 to 1.</param>
    /// <returns>Σₖ discountᵏ · values[t + k], <c>[actions]</c>.</returns>
    public Tensor DiscountedSums(Tensor values, double discount)
    {
        var (rows, longest) = (_actionsPerDialogue.Length, _actionsPerDialogue.Max());
        var slots = tensor(_actionsPerDialogue.SelectMany((count, row) => Enumerable.Range(0, count).Select(action => (long)row * longest + action)).ToArray(), device: values.device);
        var padded = zeros([rows * longest], values.dtype, values.device).index_copy(0, slots, values).view(rows, longest);
        // Row t + k, column t of this matrix is discountᵏ: one product serves all dialogues.
        var steps = arange(longest, dtype: ScalarType.Float64, device: values.device);
        var distance = steps.unsqueeze(1) - steps.unsqueeze(0);
        var powers = full_like(distance, discount).pow(distance).masked_fill(distance < 0, 0).to(values.dtype);
        return padded.mm(powers).flatten().index_select(0, slots);
    }
}
