using static TorchSharp.torch;

namespace RlhfSharp.Models.Tests.Generation;

/// <summary>Reads the whole text anew for each token, one row at a time: no cache, no batch.</summary>
internal static class NaiveGenerator
{
    /// <summary>Computes the log-probability of every token as the next one.</summary>
    public static double[] NextLogProbs(LanguageModel model, IEnumerable<int> text)
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        var hidden = model.HiddenStates([[.. text]]);
        var logits = model.Logits(hidden.narrow(0, hidden.size(0) - 1, 1)).to(ScalarType.Float64);
        return logits.log_softmax(1).data<double>().ToArray();
    }

    public static List<int> Greedy(LanguageModel model, IReadOnlyList<int> prompt, int count)
    {
        var tokens = new List<int>();
        while (tokens.Count < count)
        {
            var logProbs = NextLogProbs(model, prompt.Concat(tokens));
            tokens.Add(Array.IndexOf(logProbs, logProbs.Max()));
        }
        return tokens;
    }
}
