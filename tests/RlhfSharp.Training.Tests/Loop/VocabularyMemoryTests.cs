using RlhfSharp.Models.Runtime;
using RlhfSharp.Training.Data;
using RlhfSharp.Training.Loop;
using RlhfSharp.Training.Objectives;
using static TorchSharp.torch;

namespace RlhfSharp.Training.Tests.Loop;

/// <summary>Scores of all positions against the whole vocabulary never exist at once.</summary>
[NoTensorLeak]
public sealed class VocabularyMemoryTests
{
    private const int Vocabulary = 50_000;
    private const int Rows = 48;
    private const int AnswerTokens = 16;
    private const long FullLogits = (long)Rows * AnswerTokens * Vocabulary * sizeof(float);   // 154 MB, and ILQL has three of them

    [Fact]
    public void TakeStep_LargeVocabulary_PeaksBelowFullLogits()
    {
        Assert.SkipUnless(ProcessMemory.IsKnown, "needs /proc/self");
        using var model = TinyModels.CreateWithIlqlHeads(vocabulary: Vocabulary);
        using var loop = new TrainingLoop(new IlqlTask(model, Dialogues(), new IlqlOptions()), new LoopOptions { RowsPerStep = Rows },
            new OptimizerOptions(), seed: 0);
        loop.TakeStep();   // gradients and moments stay

        var peak = ProcessMemory.PeakOf(() => loop.TakeStep());

        // Two thirds: memory taken anew for each chunk left holes, and a step took up to one and a half times as much as full logits.
        Assert.True(peak < FullLogits * 2 / 3, $"a step took {peak >> 20} MB more, full logits take {FullLogits >> 20} MB");
    }

    // What the test above would see if they did exist.
    [Fact]
    public void PeakOf_FullLogits_IsTheirSize()
    {
        Assert.SkipUnless(ProcessMemory.IsKnown, "needs /proc/self");
        var peak = ProcessMemory.PeakOf(() =>
        {
            using var scope = NewDisposeScope();
            ones([Rows * AnswerTokens, Vocabulary]).add_(1);
        });
        Assert.InRange(peak, FullLogits * 9 / 10, FullLogits * 2);
    }

    private static List<TokenizedDialogue> Dialogues()
    {
        var random = new NamedRandom(0, "vocabulary");
        return [.. Enumerable.Range(0, Rows).Select(row => new TokenizedDialogue
        {
            Id = $"{row}",
            Group = $"{row}",
            Source = new RowSource("made-up", row + 1),
            Tokens = [.. Enumerable.Range(0, AnswerTokens + 1).Select(_ => random.Next(Vocabulary))],
            IsAnswer = [.. Enumerable.Range(0, AnswerTokens + 1).Select(token => token > 0)],
            Rewards = new double[AnswerTokens + 1],
        })];
    }
}
