using RlhfSharp.Models;
using RlhfSharp.Models.Architectures;
using RlhfSharp.Training.Objectives;
using static TorchSharp.torch;

namespace RlhfSharp.Training.Data;

/// <summary>Groups of dialogues put together for one forward pass: what all of a group begin with, usually a prompt, is computed once.</summary>
public sealed class BranchedBatch
{
    // Sequences of which less than this part is saved are cheaper apart: attention is without a mask then, and each looks at its own length only.
    private const int LeastShare = 4;

    private readonly List<BranchedSequence> _sequences = [];

    /// <summary>Puts dialogues together.</summary>
    /// <param name="config">The configuration of the model that will read them.</param>
    /// <param name="groups">At least one, none empty.</param>
    /// <param name="device">Where the tensors shall live; they belong to the caller's dispose scope.</param>
    public BranchedBatch(ModelConfig config, IReadOnlyList<IReadOnlyList<TokenizedDialogue>> groups, Device device)
    {
        ArgumentNullException.ThrowIfNull(groups);
        var (tokens, positions, actions, rows) = (new List<long>(), new List<long>(), new List<long>(), new List<long>());
        var row = 0;
        foreach (var group in groups)
        {
            var trunk = Trunk(config, group);
            var begin = tokens.Count;
            tokens.AddRange(group[0].Tokens.Take(trunk).Select(id => (long)id));
            foreach (var dialogue in group)
            {
                var branch = tokens.Count - trunk;   // where the dialogue's first token would lie, were its trunk in front of its branch
                for (var token = 1; token < dialogue.Tokens.Length; token++)
                {
                    if (dialogue.IsAnswer[token])
                    {
                        positions.Add(token - 1 < trunk ? begin + token - 1 : branch + token - 1);
                        actions.Add(dialogue.Tokens[token]);
                        rows.Add(row);
                    }
                }
                tokens.AddRange(dialogue.Tokens.Skip(trunk).Select(id => (long)id));
                row++;
            }
            int[] branches = [.. group.Select(dialogue => dialogue.Tokens.Length - trunk)];
            _sequences.AddRange(trunk > 0 ? [new BranchedSequence(trunk, branches)] : branches.Select(branch => new BranchedSequence(0, [branch])));
        }
        Count = row;
        Tokens = tensor(tokens.ToArray(), device: device);
        ActionPositions = tensor(positions.ToArray(), device: device);
        ActionTokens = tensor(actions.ToArray(), device: device);
        ActionRows = tensor(rows.ToArray(), device: device);
    }

    /// <summary>Gets the number of dialogues, those of all groups.</summary>
    public int Count { get; }

    /// <summary>Gets the tokens, <c>[tokens]</c>.</summary>
    public Tensor Tokens { get; }

    /// <summary>Gets where each action is decided, <c>[actions]</c>: those of one dialogue after those of the other, group after group.</summary>
    public Tensor ActionPositions { get; }

    /// <summary>Gets the answer tokens, <c>[actions]</c>.</summary>
    public Tensor ActionTokens { get; }

    /// <summary>Gets which dialogue's action each is, <c>[actions]</c>, counted over all groups.</summary>
    public Tensor ActionRows { get; }

    /// <summary>Computes hidden states.</summary>
    /// <param name="model">The model.</param>
    /// <returns><c>[tokens, hidden]</c>, owned by the caller's dispose scope.</returns>
    public Tensor HiddenStates(LanguageModel model)
    {
        ArgumentNullException.ThrowIfNull(model);
        return _sequences.TrueForAll(sequence => sequence.Trunk == 0)
            ? model.Backbone.Forward(Tokens, [.. _sequences.Select(sequence => sequence.Length)])
            : model.Backbone.Forward(Tokens, new BranchedAttention(model.Config, _sequences, Tokens.device));
    }

    /// <summary>Computes the log-probability of each action.</summary>
    /// <param name="model">The model.</param>
    /// <returns><c>[actions]</c>, owned by the caller's dispose scope.</returns>
    public Tensor LogProbs(LanguageModel model) => OutputProjection.Score(model, HiddenStates(model).index_select(0, ActionPositions), ActionTokens).LogProbs;

    /// <summary>Counts the tokens of a forward pass over a group.</summary>
    /// <param name="config">The model's configuration.</param>
    /// <param name="group">The dialogues; at least one.</param>
    public static int Length(ModelConfig config, IReadOnlyList<TokenizedDialogue> group)
    {
        ArgumentNullException.ThrowIfNull(group);
        return group.Sum(dialogue => dialogue.Tokens.Length) - (group.Count - 1) * Trunk(config, group);
    }

    // The last token of each dialogue stays in its branch: a branch has at least one.
    private static int Trunk(ModelConfig config, IReadOnlyList<TokenizedDialogue> group)
    {
        ArgumentNullException.ThrowIfNull(config);
        if (config.IsLengthAware || group.Count == 1)
        {
            return 0;
        }
        var common = group.Min(dialogue => Math.Min(dialogue.Tokens.Length - 1, dialogue.Tokens.AsSpan().CommonPrefixLength(group[0].Tokens)));
        return Pays(common, group.Count, group.Sum(dialogue => dialogue.Tokens.Length)) ? common : 0;
    }

    /// <summary>Tells whether dialogues are computed together rather than apart.</summary>
    /// <param name="common">How many tokens they have in common.</param>
    /// <param name="count">How many dialogues there are.</param>
    /// <param name="tokens">How many tokens they have in all.</param>
    internal static bool Pays(int common, int count, int tokens) => (count - 1) * common * LeastShare >= tokens;
}
