using RlhfSharp.Experiments.PinkElephants;
using RlhfSharp.Experiments.TinyWorld;
using RlhfSharp.Models.Generation;
using RlhfSharp.Models.Runtime;
using RlhfSharp.Models.Tokenization;
using RlhfSharp.Training.Metrics;
using static TorchSharp.torch;

namespace RlhfSharp.Experiments.Poems;

/// <summary>Asks a model for poems of every genre and tone of the built-in world, and for poems made of others, and judges what it writes: what <c>rlhf eval poems</c> does.</summary>
/// <param name="format">How requests are written out.</param>
/// <param name="device">Where to compute.</param>
public sealed class PoetScoring(IChatFormat format, Device device)
{
    private static readonly PoemTone[] Tones = Enum.GetValues<PoemTone>();

    /// <summary>Scores a model.</summary>
    /// <param name="model">A checkpoint with a tokenizer, or a run.</param>
    /// <param name="perCell">How many poems to ask for of each genre and tone, and how many rewritten ones; 1 or more.</param>
    /// <param name="generation">How to sample.</param>
    /// <param name="seed">Decides what is sampled, and which poems are to be rewritten.</param>
    /// <param name="cancellationToken">Asked before each token.</param>
    /// <returns>Shares with Wilson's interval: <c>form</c> and <c>tone</c> as they were asked for, of all poems and by label; the same of rewritten poems; the share of
    /// these that keep the subject; distinct-2 of the model's poems and of as many of the grammar's.</returns>
    /// <exception cref="InputException">The checkpoint is missing or cannot be used.</exception>
    public PoetScores Score(string model, int perCell, GenerationOptions generation, long seed, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(generation);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(perCell);
        var requests = Requests(perCell, seed);
        using var reader = AnswerReader.Load(model, format, ScalarType.Float32, device);
        var texts = LocalAnswers.Sample(
            reader.Model, reader.Prompts, [.. requests.Select(request => reader.Prompts.Prompt([new ChatMessage(ChatMessage.User, request.Text)]))], generation, [], seed, cancellationToken);
        return Judge([.. requests.Zip(texts, (request, text) => new RequestedPoem(request.Genre, request.Tone, request.Subject, text.Trim(), FormJudge.Judge(text).Form, ToneJudge.Judge(text).Tone))], seed);
    }

    private static PoetScores Judge(IReadOnlyList<RequestedPoem> poems, long seed)
    {
        var scores = new OrderedDictionary<string, Estimate>();
        List<RequestedPoem> written = [.. poems.Where(poem => poem.Subject is null)], rewritten = [.. poems.Where(poem => poem.Subject is not null)];
        Add("form", written, poem => poem.HasForm);
        foreach (var genre in PoemWorld.Genres)
        {
            Add($"form/{genre.ToString().ToLowerInvariant()}", [.. written.Where(poem => poem.Genre == genre)], poem => poem.HasForm);
        }
        Add("tone", written, poem => poem.HasTone);
        foreach (var tone in Tones)
        {
            Add($"tone/{tone.ToString().ToLowerInvariant()}", [.. written.Where(poem => poem.Tone == tone)], poem => poem.HasTone);
        }
        Add("rewritten/form", rewritten, poem => poem.HasForm);
        Add("rewritten/tone", rewritten, poem => poem.HasTone);
        Add("rewritten/subject", rewritten, poem => PoemText.Words(poem.Text).Contains(poem.Subject, StringComparer.OrdinalIgnoreCase));
        scores["distinct_2"] = new Estimate(DistinctPairs.Of(written.Select(poem => poem.Text)));
        scores["distinct_2_of_grammar"] = new Estimate(DistinctPairs.Of(written.Select((poem, index) =>
            PoemWorld.WritePoem(poem.Genre, poem.Tone, PoemWorld.Subjects[index % PoemWorld.Subjects.Count], new NamedRandom(seed, "poems/compare", index)))));
        return new PoetScores(scores, poems);

        void Add(string name, List<RequestedPoem> among, Func<RequestedPoem, bool> has)
        {
            var count = among.Count(has);
            scores[name] = new Estimate((double)count / among.Count, Statistics.Wilson(count, among.Count));
        }
    }

    private static List<(PoemForm Genre, PoemTone Tone, string? Subject, string Text)> Requests(int perCell, long seed)
    {
        var requests = new List<(PoemForm Genre, PoemTone Tone, string? Subject, string Text)>();
        for (var index = 0; index < perCell; index++)
        {
            foreach (var (genre, tone) in PoemWorld.Genres.SelectMany(genre => Tones.Select(tone => (genre, tone))))
            {
                var random = new NamedRandom(seed, "poems/rewrite", requests.Count);
                var subject = PoemWorld.Subjects[random.Next(PoemWorld.Subjects.Count)];
                var source = PoemWorld.WritePoem(PoemWorld.Genres[random.Next(PoemWorld.Genres.Count)], Tones[random.Next(Tones.Length)], subject, random);
                requests.Add((genre, tone, null, PoemWorld.Request(genre, tone)));
                requests.Add((genre, tone, subject, PoemWorld.RewriteRequest(source, genre, tone)));
            }
        }
        return requests;
    }
}
