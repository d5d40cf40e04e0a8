using static TorchSharp.torch;

namespace RlhfSharp.Training.Data;

/// <summary>Dialogues put together for one forward pass: real tokens only, one dialogue after the other.</summary>
public sealed class DialogueBatch
{
    private readonly Lazy<ActionLayout> _actions;

    private DialogueBatch(IReadOnlyList<TokenizedDialogue> dialogues, Device device)
    {
        Dialogues = dialogues;
        Device = device;
        Lengths = [.. dialogues.Select(dialogue => dialogue.Tokens.Length)];
        var (positions, states, tokens, rewards) = (new List<long>(), new List<long>(), new List<long>(), new List<float>());
        var offset = 0L;
        foreach (var dialogue in dialogues)
        {
            for (var token = 1; token < dialogue.Tokens.Length; token++)
            {
                if (dialogue.IsAnswer[token])
                {
                    positions.Add(offset + token - 1);
                    tokens.Add(dialogue.Tokens[token]);
                    rewards.Add((float)(dialogue.Rewards?[token] ?? 0));
                }
            }
            states.AddRange(positions.GetRange(positions.Count - dialogue.AnswerLength, dialogue.AnswerLength));
            offset += dialogue.Tokens.Length;
            states.Add(offset - 1);
        }
        Tokens = tensor(dialogues.SelectMany(dialogue => dialogue.Tokens).Select(id => (long)id).ToArray(), device: device);
        ActionPositions = tensor(positions.ToArray(), device: device);
        ActionTokens = tensor(tokens.ToArray(), device: device);
        StatePositions = tensor(states.ToArray(), device: device);
        var rewardTensor = tensor(rewards.ToArray(), device: device);
        _actions = new(() => ActionLayout.Create([.. dialogues.Select(dialogue => dialogue.AnswerLength)], rewardTensor));
    }

    /// <summary>Gets the dialogues.</summary>
    public IReadOnlyList<TokenizedDialogue> Dialogues { get; }

    /// <summary>Gets where the tensors live.</summary>
    public Device Device { get; }

    /// <summary>Gets the number of tokens of each dialogue.</summary>
    public IReadOnlyList<int> Lengths { get; }

    /// <summary>Gets the tokens, <c>[tokens]</c>.</summary>
    public Tensor Tokens { get; }

    /// <summary>Gets where each action is decided, <c>[actions]</c>: the place in <see cref="Tokens"/> before the answer token.</summary>
    public Tensor ActionPositions { get; }

    /// <summary>Gets the answer tokens, <c>[actions]</c>.</summary>
    public Tensor ActionTokens { get; }

    /// <summary>Gets where states are, <c>[states]</c>: the actions' positions of each dialogue and then its last token.</summary>
    public Tensor StatePositions { get; }

    /// <summary>Gets which states actions leave and reach, and what they earned.</summary>
    public ActionLayout Actions => _actions.Value;

    /// <summary>Puts dialogues together.</summary>
    /// <param name="dialogues">At least one, each with at least one answer token.</param>
    /// <param name="device">Where the tensors shall live.</param>
    /// <returns>The batch; its tensors belong to the caller's dispose scope.</returns>
    public static DialogueBatch Collate(IReadOnlyList<TokenizedDialogue> dialogues, Device device) => new(dialogues, device);
}
