using RlhfSharp.Experiments.Poems;
using RlhfSharp.Experiments.TinyWorld;
using RlhfSharp.Models.Runtime;

namespace RlhfSharp.Experiments.RewardMaps;

/// <summary>Writes poems by the built-in world's grammar. A poem depends on seed, number and prompt alone.</summary>
internal sealed class PoemGrammarWriter(PoemGrammarOptions options) : ITextWriter
{
    private static readonly PoemTone[] Tones = Enum.GetValues<PoemTone>();

    public Task<IReadOnlyList<string>> WriteAsync(IReadOnlyList<WriteRequest> requests, CancellationToken cancellationToken)
    {
        var poems = new List<string>();
        foreach (var request in requests)
        {
            cancellationToken.ThrowIfCancellationRequested();
            poems.Add(Write(request));
        }
        return Task.FromResult<IReadOnlyList<string>>(poems);
    }

    public void Dispose()
    {
    }

    private string Write(WriteRequest request)
    {
        var random = new NamedRandom(request.Seed, "poem-grammar", request.Number);
        var lines = request.Prompt.Split('\n', 2);
        var asked = PoemText.Words(lines[0]).Select(word => word.ToLowerInvariant()).ToHashSet();
        var genre = Obey(PoemWorld.Genres, asked, PoemNames.Of, random);
        var tone = Obey(Tones, asked, PoemNames.Of, random);
        var about = lines.Length > 1 ? PoemText.Words(lines[1]).Select(word => word.ToLowerInvariant()).FirstOrDefault(PoemWorld.Subjects.Contains) : null;
        var subject = about ?? PoemWorld.Subjects[random.Next(PoemWorld.Subjects.Count)];
        return PoemGrammar.Draw(genre, tone, subject, random, stanzas: 2 + random.Next(options.Stanzas - 1));
    }

    private T Obey<T>(IReadOnlyList<T> labels, HashSet<string> asked, Func<T, string> name, NamedRandom random)
        where T : struct
    {
        var wanted = labels.Where(label => asked.Contains(name(label))).Select(label => (T?)label).FirstOrDefault();
        var obeys = random.NextDouble() < options.Obedience;
        T[] choice = wanted is not { } one ? [.. labels] : obeys ? [one] : [.. labels.Where(label => !label.Equals(one))];
        return choice[random.Next(choice.Length)];
    }
}
