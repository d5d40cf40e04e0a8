using RlhfSharp.Models.Generation;
using static TorchSharp.torch;

namespace RlhfSharp.Models.Tests.Generation;

[NoTensorLeak]
public sealed class TokenChooserTests
{
    // A processor that adds a row's own hidden state: rows and hidden states that were cut differently would show.
    [Fact]
    public void Choose_FewRowsAtATime_ChoosesTheSame()
    {
        using var scope = NewDisposeScope();
        using var model = TestModels.Load("gpt2");
        using var generator = new Generator(3);
        var hidden = randn([7, model.Config.HiddenSize], generator: generator);
        var options = new GenerationOptions { TopK = 20 };
        List<int> Chosen(int rowsAtATime)
        {
            List<GenerationRow> rows = [.. Enumerable.Range(0, 7).Select(row => new GenerationRow(new GenerationPrompt(row, [1], 1), 0, 5))];
            new TokenChooser(model, options, seed: 9, [new OwnHidden()], rowsAtATime * model.Config.VocabularySize).Choose(rows, hidden);
            return rows.ConvertAll(row => row.LastToken);
        }

        var together = Chosen(7);

        Assert.All([1, 2, 3], rows => Assert.Equal(together, Chosen(rows)));
        Assert.True(together.Distinct().Count() > 3);
    }

    private sealed class OwnHidden : ILogitsProcessor
    {
        public Tensor Process(Tensor scores, Tensor hidden, Tensor lastTokens) => scores + 3 * hidden.sum(1, keepdim: true) * arange(scores.size(1)).remainder(5);
    }
}
