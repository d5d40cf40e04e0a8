using RlhfSharp.Models;
using RlhfSharp.Training.Data;
using RlhfSharp.Training.Loop;
using RlhfSharp.Training.Objectives;
using static TorchSharp.torch;

namespace RlhfSharp.Benchmarks.Plain;

/// <summary>DPO whose reference reads each batch when it comes, as in TRL unless told otherwise.</summary>
internal sealed class PlainDpoTask(LanguageModel model, LanguageModel reference, IReadOnlyList<TokenizedPair> pairs, DpoOptions options) : ITrainingTask
{
    public TransformerModel Model => model;

    public IReadOnlyList<int> RowLengths { get; } = [.. pairs.Select(pair => pair.Chosen.Tokens.Length + pair.Rejected.Tokens.Length)];

    public double LossWeight(int row) => 1;

    public string Describe(int row) => pairs[row].Chosen.Source.ToString();

    public ObjectiveOutput Forward(IReadOnlyList<int> rows, Device device)
    {
        IReadOnlyList<TokenizedPair> batch = [.. rows.Select(row => pairs[row])];
        Tensor before;
        using (no_grad())
        {
            before = PlainDpo.Sums(reference, batch);
        }
        var sums = PlainDpo.Sums(model, batch);
        Tensor Lengths(Func<TokenizedPair, TokenizedDialogue> side) => tensor(batch.Select(pair => (float)side(pair).AnswerLength).ToArray());
        return Dpo.Loss(sums[0], sums[1], before[0], before[1], Lengths(pair => pair.Chosen), Lengths(pair => pair.Rejected), options);
    }
}
