namespace RlhfSharp.Experiments.RewardMaps;

/// <summary>Gives a text the label whose words occur most often in it; none where no word occurs, or two labels are level.</summary>
internal sealed class LexiconJudge : IMapJudge
{
    private static readonly char[] Marks = [.. "\"'()[]{}.,;:!?-–—…“”‘’*_"];

    private readonly Dictionary<string, List<string>> _labels = new(StringComparer.OrdinalIgnoreCase);   // by word

    public LexiconJudge(IReadOnlyList<LexiconEntryOptions> entries)
    {
        foreach (var (entry, word) in entries.SelectMany(entry => entry.Words.Distinct(StringComparer.OrdinalIgnoreCase).Select(word => (entry, word))))
        {
            if (!_labels.TryGetValue(word, out var labels))
            {
                _labels.Add(word, labels = []);
            }
            labels.Add(entry.Label);
        }
    }

    public Task<IReadOnlyList<string?>> JudgeAsync(IReadOnlyList<JudgeRequest> requests, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<string?>>([.. requests.Select(request => Judge(request.Text))]);

    private string? Judge(string text)
    {
        var found = text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)
            .SelectMany(word => _labels.GetValueOrDefault(word.Trim(Marks), []))
            .CountBy(label => label)
            .OrderByDescending(label => label.Value)
            .Take(2)
            .ToList();
        return found is [var only] ? only.Key : found is [var first, var second] && first.Value > second.Value ? first.Key : null;
    }
}
