using RlhfSharp.Models.Heads;
using RlhfSharp.Training.Data;
using RlhfSharp.Training.Loop;
using RlhfSharp.Training.Objectives;
using TorchSharp;
using static TorchSharp.torch;

namespace RlhfSharp.Benchmarks.Measuring;

/// <summary>Where the time of an ILQL step goes. Parts are run one by one, in the order of a step; weights do change, as in a step.</summary>
/// <param name="time">Measures time.</param>
/// <param name="repeats">How often each part is timed; the median counts.</param>
internal sealed class StepProfile(TimeProvider time, int repeats)
{
    /// <summary>Times the parts.</summary>
    /// <param name="task">The algorithm.</param>
    /// <param name="dialogues">One step's rows.</param>
    /// <param name="optimizer">The optimiser of the task's model.</param>
    /// <returns>Names and seconds.</returns>
    public IReadOnlyList<(string Part, double Seconds)> Run(IlqlTask task, IReadOnlyList<TokenizedDialogue> dialogues, FusedAdamW optimizer)
    {
        var samples = new OrderedDictionary<string, List<Sample>>();
        for (var repeat = 0; repeat <= repeats; repeat++)   // the first is not counted
        {
            using var scope = NewDisposeScope();
            var isCounted = repeat > 0;
            var batch = DialogueBatch.Collate(dialogues, CPU);
            var hidden = Time("backbone, forward", () => task.Model.Backbone.Forward(batch.Tokens, batch.Lengths));
            Do("backbone, backward", () => hidden.sum().backward());
            var atActions = hidden.index_select(0, batch.ActionPositions).detach().requires_grad_(true);
            var weight = task.Model.OutputWeight;
            var logProbs = Time("output layer, forward", () => OutputProjection.Score(atActions, weight, null, batch.ActionTokens).LogProbs);
            Do("output layer, backward", () => logProbs.sum().backward());
            var q = Time("Q heads, forward", () => task.Model.Head<IlqlHeads>()!.Q.Select(head => Score(head, atActions, batch)).ToList());
            Do("Q heads, backward", () => (q[0] + q[^1]).sum().backward());
            Time("clipping", () => optimizer.ClipGradients().ToDouble());
            Do("AdamW", () => optimizer.Update(learningRate: 1e-5));
            Do("clearing gradients", optimizer.ZeroGradients);

            T Time<T>(string part, Func<T> run)
            {
                T? result = default;
                var sample = Stopwatches.Time(time, () => result = run());
                if (isCounted)
                {
                    (samples.TryGetValue(part, out var list) ? list : samples[part] = []).Add(sample);
                }
                return result!;
            }

            void Do(string part, Action run) => Time<object?>(part, () =>
            {
                run();
                return null;
            });
        }
        return [.. samples.Select(part => (part.Key, Stopwatches.MedianSeconds(part.Value)))];
    }

    private static Tensor Score(TwoLayerHead head, Tensor hidden, DialogueBatch batch)
    {
        var scores = OutputProjection.Score(head.Features(hidden), head.OutputWeight, head.OutputBias, batch.ActionTokens);
        return scores.Taken + scores.LogSumExp;
    }
}
