using RlhfSharp.Models;
using RlhfSharp.Training.Data;
using RlhfSharp.Training.Objectives;
using RlhfSharp.Training.Runs;
using static TorchSharp.torch;

namespace RlhfSharp.Experiments.Dialogues;

/// <summary>Negative log-likelihood of held-out answers, in nats per answer token, and its exponential, the perplexity.</summary>
internal sealed class LossEvaluation(LanguageModel model, IReadOnlyList<TokenizedDialogue> heldOut) : IEvaluation
{
    private const int TokensPerBatch = 16384;

    public EvaluationResult Evaluate(int step, bool isLast, CancellationToken cancellationToken)
    {
        var sums = new double[heldOut.Count];
        foreach (var rows in TokenBudget.Cut([.. heldOut.Select(dialogue => dialogue.Tokens.Length)], TokensPerBatch))
        {
            cancellationToken.ThrowIfCancellationRequested();
            using var scope = NewDisposeScope();
            using var noGrad = no_grad();
            var batch = DialogueBatch.Collate([.. rows.Select(row => heldOut[row])], model.Device);
            var logProbs = SupervisedFineTuningTask.LogProbs(model, batch).to(ScalarType.Float32).cpu().data<float>().ToArray();
            var first = 0;
            foreach (var row in rows)
            {
                var length = heldOut[row].AnswerLength;
                sums[row] = -logProbs.AsSpan(first, length).ToArray().Sum(logProb => (double)logProb);
                first += length;
            }
        }
        // By token over the whole set, as the training loss: long answers count for more. The interval is over answers.
        var loss = sums.Sum() / heldOut.Sum(dialogue => dialogue.AnswerLength);
        var metrics = new OrderedDictionary<string, double> { ["eval_loss"] = loss, ["eval_perplexity"] = Math.Exp(loss) };
        IReadOnlyList<Observation> perAnswer = [.. heldOut.Select((dialogue, row) => new Observation(dialogue.Group, sums[row] / dialogue.AnswerLength))];
        metrics["eval_loss_per_answer"] = perAnswer.Average(one => one.Value);
        return new EvaluationResult(metrics, [], isLast ? new Dictionary<string, IReadOnlyList<Observation>> { ["eval_loss_per_answer"] = perAnswer } : new Dictionary<string, IReadOnlyList<Observation>>());
    }
}
