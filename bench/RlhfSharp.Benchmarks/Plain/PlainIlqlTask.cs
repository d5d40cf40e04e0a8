using RlhfSharp.Models;
using RlhfSharp.Models.Heads;
using RlhfSharp.Training.Data;
using RlhfSharp.Training.Loop;
using RlhfSharp.Training.Objectives;
using static TorchSharp.torch;

namespace RlhfSharp.Benchmarks.Plain;

/// <summary>ILQL over padded rectangles and full vocabularies, computed as trlX computes it (trlx/models/modeling_ilql.py).</summary>
/// <remarks>One-step targets only. Around the forward pass everything is our own: loop, clipping, fused AdamW, synchronisation of targets.</remarks>
internal sealed class PlainIlqlTask(IlqlTask ours, IReadOnlyList<TokenizedDialogue> dialogues, IlqlOptions options) : ITrainingTask
{
    private readonly PlainGpt2 _network = new(ours.Model);
    private readonly IlqlHeads _heads = ours.Model.Head<IlqlHeads>()!;

    public LanguageModel Model => ours.Model;

    TransformerModel ITrainingTask.Model => Model;

    public IReadOnlyList<int> RowLengths => ours.RowLengths;

    public double LossWeight(int row) => ours.LossWeight(row);

    public string Describe(int row) => ours.Describe(row);

    public ObjectiveOutput Forward(IReadOnlyList<int> rows, Device device)
    {
        var batch = new PlainIlqlBatch([.. rows.Select(row => dialogues[row])]);
        var hidden = _network.Forward(batch.Tokens);                                                        // [rows, columns, hidden]
        var logits = At(_network.Logits(hidden), batch.ActionPositions);                                    // [rows, actions, vocabulary]
        var atActions = At(hidden, batch.ActionPositions);
        var values = _heads.Value.Forward(At(hidden, batch.StatePositions)).squeeze(2) * StateMask(batch);   // [rows, actions + 1]
        var targetQ = TargetQ(atActions.detach(), batch.ActionTokens);

        var (now, next) = (values.narrow(1, 0, values.size(1) - 1), values.narrow(1, 1, values.size(1) - 1).detach());
        var targets = batch.Rewards + options.Gamma * next * batch.Continues;
        var advantages = targetQ - now;
        var loss = ((advantages.detach() >= 0).to(ScalarType.Float32) * (2 * options.Tau - 1) + (1 - options.Tau)) * advantages.square();
        foreach (var head in _heads.Q)
        {
            var q = head.Forward(atActions);                                                                // [rows, actions, vocabulary]
            loss = loss + (Taken(q, batch.ActionTokens) - targets).square() + options.CqlScale * CrossEntropy(q, batch.ActionTokens);
        }
        var weights = (options.Beta * advantages.detach()).exp();
        loss = (loss + options.AwacScale * weights * CrossEntropy(logits, batch.ActionTokens)) * batch.IsAction;

        var metrics = new ObjectiveMetrics();
        metrics.AddMean("losses/loss", loss);
        return new ObjectiveOutput(loss.sum(), metrics);
    }

    public void AfterUpdate(int step, bool endsPass) => ours.AfterUpdate(step, endsPass);

    public void AddHostMetrics(IDictionary<string, double> metrics) => ours.AddHostMetrics(metrics);

    public IReadOnlyDictionary<string, double> SaveCounters() => ours.SaveCounters();

    public void RestoreCounters(IReadOnlyDictionary<string, double> counters) => ours.RestoreCounters(counters);

    private Tensor TargetQ(Tensor hidden, Tensor taken)
    {
        using var noGrad = no_grad();
        return _heads.TargetQ.Select(head => Taken(head.Forward(hidden), taken)).Aggregate(minimum);
    }

    // A dialogue with k actions has k + 1 states.
    private static Tensor StateMask(PlainIlqlBatch batch) => cat([ones(batch.IsAction.size(0), 1), batch.IsAction], 1);

    // [rows, columns, features] at [rows, positions] → [rows, positions, features]
    private static Tensor At(Tensor x, Tensor positions) => x.gather(1, positions.unsqueeze(2).expand(-1, -1, x.size(2)));

    private static Tensor Taken(Tensor scores, Tensor taken) => scores.gather(2, taken.unsqueeze(2)).squeeze(2);

    private static Tensor CrossEntropy(Tensor scores, Tensor taken) =>
        nn.functional.cross_entropy(scores.view(-1, scores.size(2)), taken.flatten(), reduction: nn.Reduction.None).view_as(taken);
}
