using RlhfSharp.Models;
using RlhfSharp.Models.Heads;
using RlhfSharp.Training.Loop;
using RlhfSharp.Training.Objectives;
using RlhfSharp.Training.Rollouts;
using static TorchSharp.torch;

namespace RlhfSharp.Benchmarks.Plain;

/// <summary>PPO as TRL's trainer computed it: rows padded to the longest, each with a prompt of its own, and the scores of every token at every position, both when samples are measured and
/// when they are learnt from.</summary>
/// <param name="policy">With a value head.</param>
/// <param name="reference">Tells what the policy started from finds.</param>
/// <param name="options">Settings; advantages are not whitened.</param>
internal sealed class PlainPpoTask(LanguageModel policy, LanguageModel reference, PpoOptions options) : ITrainingTask
{
    private readonly PlainGpt2 _policy = new(policy);
    private readonly PlainGpt2 _reference = new(reference);
    private readonly ValueHead _head = policy.Head<ValueHead>()!;
    private IReadOnlyList<Rollout> _rollouts = [];
    private IReadOnlyList<GeneralizedAdvantages> _estimates = [];

    public TransformerModel Model => policy;

    public IReadOnlyList<int> RowLengths { get; private set; } = [];

    public double LossWeight(int row) => _rollouts[row].Tokens.Length;

    public string Describe(int row) => _rollouts[row].Prompt;

    /// <summary>Measures samples, and makes them the rows that are learnt from.</summary>
    /// <param name="samples">Prompts, tokens and rewards; what else they say is computed anew.</param>
    /// <param name="rowsAtATime">Rows of a batch.</param>
    public void Begin(IReadOnlyList<Rollout> samples, int rowsAtATime)
    {
        _rollouts = [.. samples.Chunk(rowsAtATime).SelectMany(Measure)];
        RowLengths = [.. samples.Select(sample => sample.PromptTokens.Length + sample.Tokens.Length)];
        _estimates =
        [
            .. _rollouts.Select(rollout =>
            {
                var rewards = rollout.LogProbs.Zip(rollout.ReferenceLogProbs!, (own, start) => -options.KlCoefficient * ((double)own - start)).ToArray();
                rewards[^1] += rollout.Reward;
                return GeneralizedAdvantages.Compute(rewards, [.. rollout.Values!.Select(value => (double)value)], options.Gamma, options.Lambda);
            }),
        ];
    }

    public ObjectiveOutput Forward(IReadOnlyList<int> rows, Device device)
    {
        var (logProbs, values) = Read([.. rows.Select(row => _rollouts[row])], _policy, _head);
        Tensor Of(Func<int, IEnumerable<float>> numbers) => tensor(rows.SelectMany(numbers).ToArray());
        var old = new SampledActions(
            Of(row => _rollouts[row].LogProbs),
            Of(row => _rollouts[row].Values!),
            Of(row => _estimates[row].Advantages.Select(advantage => (float)advantage)),
            Of(row => _estimates[row].Returns.Select(value => (float)value)));
        return Ppo.Loss(logProbs, values!, old, options);
    }

    private IEnumerable<Rollout> Measure(Rollout[] rollouts)
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        var (logProbs, values) = Read(rollouts, _policy, _head);
        var (before, _) = Read(rollouts, _reference, head: null);
        var (own, start, value) = (logProbs.data<float>().ToArray(), before.data<float>().ToArray(), values!.data<float>().ToArray());
        var first = 0;
        var measured = new List<Rollout>();
        foreach (var rollout in rollouts)
        {
            var actions = first..(first += rollout.Tokens.Length);
            measured.Add(rollout with { LogProbs = own[actions], ReferenceLogProbs = start[actions], Values = value[actions] });
        }
        return measured;
    }

    // Of the sampled tokens, row after row.
    private static (Tensor LogProbs, Tensor? Values) Read(IReadOnlyList<Rollout> rollouts, PlainGpt2 network, ValueHead? head)
    {
        var batch = new PlainIlqlBatch([.. rollouts.Select(rollout => rollout.ToDialogue()).Select(dialogue => dialogue with { Rewards = new double[dialogue.Tokens.Length] })]);
        var (rows, columns) = (batch.Tokens.size(0), batch.Tokens.size(1));
        var hidden = network.Forward(batch.Tokens);
        var isAction = batch.IsAction.to(ScalarType.Bool);
        var all = nn.functional.log_softmax(network.Logits(hidden), dim: -1);   // [rows, columns, vocabulary]
        var ofNext = all.narrow(1, 0, columns - 1).gather(2, batch.Tokens.narrow(1, 1, columns - 1).unsqueeze(2)).squeeze(2);
        var values = head?.Values(hidden.view(rows * columns, -1)).view(rows, columns).gather(1, batch.ActionPositions).masked_select(isAction);
        return (ofNext.gather(1, batch.ActionPositions).masked_select(isAction), values);
    }
}
