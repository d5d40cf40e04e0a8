using RlhfSharp.Models.Generation;
using static TorchSharp.torch;

namespace RlhfSharp.Models.Tests.Generation;

[NoTensorLeak]
public sealed class GenerationBatchTests
{
    [Fact]
    public void Read_SamplesOfAPromptThatEnterLater_BeginFromWhatWasReadOnce()
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        using var model = TestModels.Load("llama");
        using var batch = new GenerationBatch(model, sharesPrompts: true);
        var prompt = new GenerationPrompt(0, [3, 14, 15, 9], samples: 3);
        var rows = Enumerable.Range(0, 3).Select(sample => new GenerationRow(prompt, sample, maxNewTokens: 5)).ToList();

        var first = batch.Read([rows[0]]);
        var cached = prompt.Cached;
        rows[0].Append(2, 0, 0);
        var second = batch.Read([rows[1], rows[2]]);

        Assert.Same(cached, prompt.Cached);
        Assert.Equal(4, cached!.Length);                                // no token was read twice
        Assert.Equal(first.data<float>(), second[1].data<float>());     // bit by bit: nothing was computed anew
        Assert.Equal(first.data<float>(), second[2].data<float>());
        Assert.Equal([1, 0, 0], rows.Select(row => row.Cached!.Own.Length));
    }

    [Fact]
    public void RemoveFinished_LastSampleOfAPrompt_ForgetsIt()
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        using var model = TestModels.Load("gpt2");
        using var batch = new GenerationBatch(model, sharesPrompts: true);
        var prompt = new GenerationPrompt(0, [1, 2], samples: 1);
        var row = new GenerationRow(prompt, 0, maxNewTokens: 1);
        var queue = new AdmissionQueue([row], new GenerationOptions());
        batch.Read(queue.Admit());
        row.Append(5, 0, 0);
        row.FinishIfDue(new StopWatcher(null, [], []));

        batch.RemoveFinished(queue.Release);

        Assert.Empty(batch.Rows);
        Assert.Null(prompt.Cached);
        Assert.Null(prompt.LastHidden);
    }
}
