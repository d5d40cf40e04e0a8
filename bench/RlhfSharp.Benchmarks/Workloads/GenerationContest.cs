using RlhfSharp.Benchmarks.Measuring;
using RlhfSharp.Benchmarks.Plain;
using RlhfSharp.Models;
using RlhfSharp.Models.Generation;
using RlhfSharp.Models.Heads;

namespace RlhfSharp.Benchmarks.Workloads;

/// <summary>Continuations of prompts, without end of sequence.</summary>
internal sealed class GenerationContest : IContest
{
    private const long Seed = 2;
    private const int GreedyTokens = 8;

    private readonly GenerationSettings _settings;
    private readonly LanguageModel _model;
    private readonly TextGenerator _ours;
    private readonly PlainGenerator _plain;
    private readonly List<int[]> _prompts;
    private readonly List<ILogitsProcessor> _steering;

    /// <summary>Initializes model and prompts.</summary>
    /// <param name="settings">What to generate.</param>
    public GenerationContest(GenerationSettings settings)
    {
        _settings = settings;
        _model = settings.Shape.Create(ilql: settings.SteeringBeta is not null);
        _ours = new TextGenerator(_model, endTokens: []);
        _plain = new PlainGenerator(_model);
        _prompts = RandomText.Prompts(settings.Prompts, settings.PromptLength, settings.Shape.Vocabulary);
        _steering = settings.SteeringBeta is { } beta ? [new IlqlSteering(_model.Head<IlqlHeads>()!, beta)] : [];
    }

    public long Tokens => (long)_settings.Rows * _settings.NewTokens;

    public double UsefulFlops => Workloads.UsefulFlops.Generation(
        _settings.Shape, _settings.Prompts, _settings.PromptLength, _settings.Rows, _settings.NewTokens, _settings.SteeringBeta is not null);

    public void Verify()
    {
        var newTokens = Math.Min(GreedyTokens, _settings.NewTokens);
        var ours = Ours(new GenerationOptions { MaxNewTokens = newTokens, Temperature = 0, BatchSize = _settings.Rows }).Select(sample => sample.Tokens);
        var plain = _plain.Generate(_prompts, _settings.SamplesPerPrompt, newTokens, _steering, seed: null);
        foreach (var (row, (our, their)) in ours.Zip(plain).Index())
        {
            if (!our.Select(token => (long)token).SequenceEqual(their))
            {
                throw new InvalidOperationException(
                    $"Greedy tokens of row {row} differ: ours are {string.Join(' ', our)}, the plain rendering's {string.Join(' ', their)}.");
            }
        }
    }

    public void RunOurs() => Ours(new GenerationOptions { MaxNewTokens = _settings.NewTokens, TopK = _settings.TopK, BatchSize = _settings.Rows });

    public void RunPlain() => _plain.Generate(
        _prompts, _settings.SamplesPerPrompt, _settings.NewTokens, [.. _steering, new TopKProcessor(_settings.TopK)], Seed);

    public IReadOnlyList<(string Part, double Seconds)> Profile(StepProfile profile) => [];

    public void Dispose() => _model.Dispose();

    private IReadOnlyList<GeneratedSample> Ours(GenerationOptions options) =>
        _ours.Generate(_prompts, _settings.SamplesPerPrompt, options, Seed, _steering);
}
