using RlhfSharp.Experiments.Dialogues;
using RlhfSharp.Models.Architectures;
using RlhfSharp.Training.Data;
using TorchSharp;
using static TorchSharp.torch;

namespace RlhfSharp.Experiments.Tests.Dialogues;

[NoTensorLeak]
public sealed class LossEvaluationTests
{
    [Fact]
    public void Evaluate_AnswersOfDifferentLength_AveragesOverTokensAndOverAnswers()
    {
        using var model = ModelFixture.Named("gpt2").LoadModel();
        TokenizedDialogue[] heldOut = [Dialogue("a", [5, 6, 7, 8, 9], answer: 4), Dialogue("b", [4, 3, 2], answer: 1)];
        var expected = heldOut.Select(dialogue => NegativeLogLikelihood(model, dialogue)).ToList();

        var result = new LossEvaluation(model, heldOut).Evaluate(step: 3, isLast: true, CancellationToken.None);

        var loss = (expected[0] + expected[1]) / 5;
        Assert.Equal(loss, result.Metrics["eval_loss"], tolerance: 1e-5);
        Assert.Equal(Math.Exp(loss), result.Metrics["eval_perplexity"], tolerance: 1e-3 * Math.Exp(loss));
        Assert.Equal((expected[0] / 4 + expected[1]) / 2, result.Metrics["eval_loss_per_answer"], tolerance: 1e-5);
        Assert.Equal(["a", "b"], result.Observations["eval_loss_per_answer"].Select(one => one.Group));
    }

    // By the full logits of one dialogue at a time, which training never makes.
    private static double NegativeLogLikelihood(RlhfSharp.Models.LanguageModel model, TokenizedDialogue dialogue)
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        var tokens = tensor(dialogue.Tokens.Select(id => (long)id).ToArray());
        var hidden = model.Backbone.Forward(tokens, new SequenceAttention([dialogue.Tokens.Length], CPU));
        var logProbs = nn.functional.log_softmax(hidden.matmul(model.OutputWeight.t()), dim: 1);
        return -Enumerable.Range(1, dialogue.Tokens.Length - 1)
            .Where(token => dialogue.IsAnswer[token])
            .Sum(token => logProbs[token - 1, dialogue.Tokens[token]].ToDouble());
    }

    private static TokenizedDialogue Dialogue(string group, int[] tokens, int answer) => new()
    {
        Id = group,
        Group = group,
        Source = new RowSource("test", 1),
        Tokens = tokens,
        IsAnswer = [.. tokens.Select((_, token) => token >= tokens.Length - answer)],
    };
}
