using RlhfSharp.Models;
using RlhfSharp.Models.Architectures;
using static TorchSharp.torch;

namespace RlhfSharp.Training.Data;

/// <summary>Pairs of dialogues put together for one forward pass: what both sides of a pair begin with is computed once.</summary>
public sealed class PairBatch
{
    // Two sequences whose common part is smaller are cheaper apart: attention is without a mask then, and each looks at its own length only.
    private const int LeastShare = 4;

    private readonly List<BranchedSequence> _sequences = [];

    /// <summary>Puts pairs together.</summary>
    /// <param name="config">The configuration of the model that will read them.</param>
    /// <param name="pairs">At least one.</param>
    /// <param name="device">Where the tensors shall live; they belong to the caller's dispose scope.</param>
    public PairBatch(ModelConfig config, IReadOnlyList<TokenizedPair> pairs, Device device)
    {
        ArgumentNullException.ThrowIfNull(pairs);
        var (tokens, positions, actions, rows) = (new List<long>(), new List<List<long>> { new(), new() }, new List<List<long>> { new(), new() }, new List<List<long>> { new(), new() });
        foreach (var (row, pair) in pairs.Index())
        {
            var trunk = Trunk(config, pair);
            var begin = tokens.Count;
            tokens.AddRange(pair.Chosen.Tokens.Take(trunk).Select(id => (long)id));
            foreach (var (side, dialogue) in new[] { pair.Chosen, pair.Rejected }.Index())
            {
                var branch = tokens.Count - trunk;   // where the side's first token would lie, were its trunk in front of its branch
                for (var token = 1; token < dialogue.Tokens.Length; token++)
                {
                    if (dialogue.IsAnswer[token])
                    {
                        positions[side].Add(token - 1 < trunk ? begin + token - 1 : branch + token - 1);
                        actions[side].Add(dialogue.Tokens[token]);
                        rows[side].Add(side * pairs.Count + row);
                    }
                }
                tokens.AddRange(dialogue.Tokens.Skip(trunk).Select(id => (long)id));
            }
            var branches = new[] { pair.Chosen.Tokens.Length - trunk, pair.Rejected.Tokens.Length - trunk };
            _sequences.AddRange(trunk > 0 ? [new BranchedSequence(trunk, branches)] : branches.Select(branch => new BranchedSequence(0, [branch])));
        }
        Tokens = tensor(tokens.ToArray(), device: device);
        ActionPositions = tensor(positions.SelectMany(side => side).ToArray(), device: device);
        ActionTokens = tensor(actions.SelectMany(side => side).ToArray(), device: device);
        ActionRows = tensor(rows.SelectMany(side => side).ToArray(), device: device);
    }

    /// <summary>Gets the tokens, <c>[tokens]</c>.</summary>
    public Tensor Tokens { get; }

    /// <summary>Gets where each action is decided, <c>[actions]</c>: first those of all chosen answers, then those of all rejected ones.</summary>
    public Tensor ActionPositions { get; }

    /// <summary>Gets the answer tokens, <c>[actions]</c>.</summary>
    public Tensor ActionTokens { get; }

    /// <summary>Gets whose action each is, <c>[actions]</c>: the pair's number for a chosen answer, that and the number of pairs for a rejected one.</summary>
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

    /// <summary>Counts the tokens of a forward pass over a pair.</summary>
    /// <param name="config">The model's configuration.</param>
    /// <param name="pair">The pair.</param>
    public static int Length(ModelConfig config, TokenizedPair pair)
    {
        ArgumentNullException.ThrowIfNull(pair);
        return pair.Chosen.Tokens.Length + pair.Rejected.Tokens.Length - Trunk(config, pair);
    }

    // The last token of either side stays in its branch: a branch has at least one.
    private static int Trunk(ModelConfig config, TokenizedPair pair)
    {
        ArgumentNullException.ThrowIfNull(config);
        if (config.IsLengthAware)
        {
            return 0;
        }
        var (chosen, rejected) = (pair.Chosen.Tokens, pair.Rejected.Tokens);
        var common = Math.Min(chosen.AsSpan().CommonPrefixLength(rejected), Math.Min(chosen.Length, rejected.Length) - 1);
        return common * LeastShare >= chosen.Length + rejected.Length ? common : 0;
    }
}
