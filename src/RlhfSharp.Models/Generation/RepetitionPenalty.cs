using static TorchSharp.torch;

namespace RlhfSharp.Models.Generation;

/// <summary>Makes tokens that are there already less likely: positive scores are divided by a number, negative ones multiplied by it (Keskar et al. 2019,
/// https://arxiv.org/abs/1909.05858, as Hugging Face does it: the prompt counts).</summary>
internal static class RepetitionPenalty
{
    /// <summary>Computes new scores.</summary>
    /// <param name="scores"><c>[rows, vocabulary]</c>.</param>
    /// <param name="rows">What each row holds so far.</param>
    /// <param name="penalty">Above 0; 1 changes nothing, more than 1 discourages.</param>
    /// <returns><c>[rows, vocabulary]</c>.</returns>
    public static Tensor Apply(Tensor scores, IReadOnlyList<IEnumerable<int>> rows, double penalty)
    {
        var vocabulary = scores.size(1);
        var seen = rows.SelectMany((tokens, row) => tokens.Distinct().Select(token => row * vocabulary + token)).ToArray();
        var places = tensor(seen, device: scores.device);
        var flat = scores.reshape(-1);
        var old = flat.index_select(0, places);
        return flat.index_copy(0, places, where(old < 0, old * penalty, old / penalty)).view(scores.shape);
    }
}
