using RlhfSharp.Benchmarks.Measuring;
using RlhfSharp.Benchmarks.Plain;
using RlhfSharp.Models;
using RlhfSharp.Models.Generation;
using RlhfSharp.Models.Runtime;

namespace RlhfSharp.Benchmarks.Workloads;

/// <summary>Samples of very different lengths, against fixed batches that pad and wait for their slowest row.</summary>
internal sealed class RaggedGenerationContest : IContest
{
    private const long Seed = 2;
    private const int GreedyTokens = 8;

    private readonly RaggedGenerationSettings _settings;
    private readonly LanguageModel _model;
    private readonly TextGenerator _ours;
    private readonly PaddedGenerator _padded;
    private readonly List<int[]> _prompts;
    private readonly int[][] _newTokens;   // [prompts][samples]

    /// <summary>Draws model, prompts and lengths.</summary>
    /// <param name="settings">What to generate.</param>
    public RaggedGenerationContest(RaggedGenerationSettings settings)
    {
        _settings = settings;
        _model = settings.Shape.Create(ilql: false);
        _ours = new TextGenerator(_model, endTokens: []);
        _padded = new PaddedGenerator(_model, settings.BatchSize);
        var random = new NamedRandom(Seed, "lengths");
        int Length() => settings.Shortest + random.Next(settings.Longest - settings.Shortest + 1);
        _prompts = [.. Enumerable.Range(0, settings.Prompts)
            .Select(index => RandomText.Prompt(index, settings.PromptLength ?? Length(), settings.Shape.Vocabulary))];
        _newTokens = [.. _prompts.Select(_ => Enumerable.Range(0, settings.SamplesPerPrompt).Select(_ => Length()).ToArray())];
    }

    public long Tokens => _newTokens.Sum(samples => (long)samples.Sum());

    public double UsefulFlops => _prompts.Zip(_newTokens).Sum(pair => pair.Second.Sum(newTokens =>
        Workloads.UsefulFlops.Generation(_settings.Shape, prompts: 0, pair.First.Length, rows: 1, newTokens, ilql: false))
        + Workloads.UsefulFlops.Generation(_settings.Shape, prompts: 1, pair.First.Length, rows: 0, newTokens: 0, ilql: false));

    public void Verify()
    {
        var ours = Ours(temperature: 0, limit: GreedyTokens);
        var padded = Padded(seed: null, limit: GreedyTokens);
        foreach (var (index, (our, their)) in ours.Zip(padded).Index())
        {
            if (!our.Tokens.Select(token => (long)token).SequenceEqual(their))
            {
                throw new InvalidOperationException(
                    $"Greedy tokens of row {index} differ: ours are {string.Join(' ', our.Tokens)}, those of padded batches {string.Join(' ', their)}.");
            }
        }
    }

    public void RunOurs() => Ours(temperature: 1, limit: int.MaxValue);

    public void RunPlain() => Padded(Seed, limit: int.MaxValue);

    public IReadOnlyList<(string Part, double Seconds)> Profile(StepProfile profile) => [];

    public void Dispose() => _model.Dispose();

    private List<GenerationRow> Ours(double temperature, int limit)
    {
        var rows = _prompts.Index().SelectMany(prompt =>
        {
            var shared = new GenerationPrompt(prompt.Index, prompt.Item, _settings.SamplesPerPrompt);
            return _newTokens[prompt.Index].Select((count, sample) => new GenerationRow(shared, sample, Math.Min(count, limit)));
        }).ToList();
        var options = new GenerationOptions { Temperature = temperature, BatchSize = _settings.BatchSize };
        _ours.Grow(rows, new TokenChooser(_model, options, Seed, []), options, onToken: null, CancellationToken.None);
        return rows;
    }

    private List<long[]> Padded(long? seed, int limit)
    {
        var rows = _prompts.Index().SelectMany(prompt =>
            _newTokens[prompt.Index].Select((count, sample) => (prompt.Item, prompt.Index, sample, Math.Min(count, limit))));
        return _padded.Generate([.. rows], processors: [], seed);
    }
}
