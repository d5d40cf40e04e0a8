using RlhfSharp.Benchmarks.Measuring;
using RlhfSharp.Benchmarks.Plain;
using RlhfSharp.Models;
using RlhfSharp.Models.Generation;
using RlhfSharp.Models.Heads;
using RlhfSharp.Models.Runtime;
using RlhfSharp.Training.Data;
using RlhfSharp.Training.Loop;
using RlhfSharp.Training.Objectives;
using RlhfSharp.Training.Rollouts;
using RlhfSharp.Training.Runs;
using TorchSharp;
using static TorchSharp.torch;

namespace RlhfSharp.Benchmarks.Workloads;

/// <summary>A round of PPO: samples are drawn, measured by policy, value head and reference, and learnt from once. Against fixed batches that are padded to their longest row.</summary>
/// <remarks>Both sides learn at a rate of nearly nothing, so that every run draws the same samples. Samples end at a token that is about as likely everywhere, so their lengths are geometric,
/// cut at the largest.</remarks>
internal sealed class PpoContest : IContest
{
    private const long Seed = 4;
    private const double LossTolerance = 1e-4;   // relative
    private const double LearningRate = 1e-12;

    private readonly PpoContestSettings _settings;
    private readonly PpoOptions _options;
    private readonly LanguageModel _model;
    private readonly LanguageModel _reference;
    private readonly NumberTokenizer _tokenizer;
    private readonly List<RolloutPrompt> _prompts;
    private readonly string _folder = Directory.CreateTempSubdirectory("rlhfsharp-ppo-").FullName;
    private readonly IReadOnlyList<Rollout> _samples;   // those of every run
    private int _runs;

    /// <summary>Draws model, prompts and samples.</summary>
    /// <param name="settings">What a round is.</param>
    public PpoContest(PpoContestSettings settings)
    {
        _settings = settings;
        _options = new PpoOptions
        {
            PromptsPerRound = settings.Prompts,
            SamplesPerPrompt = settings.SamplesPerPrompt,
            MaxNewTokens = settings.LongestSample,
            UpdateEpochs = 1,
            WhitenAdvantages = false,
        };
        _model = settings.Shape.Create(ilql: false);
        _model.Add(ValueHead.Create(settings.Shape.Hidden, Seed, ScalarType.Float32, CPU));
        EndSamplesAfter(settings.MeanSample);
        _reference = _model.Copy();
        _tokenizer = new NumberTokenizer(settings.Shape.Vocabulary);
        var random = new NamedRandom(Seed, "lengths");
        _prompts = [.. Enumerable.Range(0, settings.Prompts).Select(index =>
            RandomText.Prompt(index, settings.ShortestPrompt + random.Next(settings.LongestPrompt - settings.ShortestPrompt + 1), settings.Shape.Vocabulary)).Select((tokens, index) =>
                new RolloutPrompt($"{index}", new Passage($"{index}"), tokens))];
        _samples = Ours();
    }

    public long Tokens => _samples.Sum(sample => (long)sample.Tokens.Length);

    public double UsefulFlops => _samples.GroupBy(sample => sample.Prompt).Sum(prompt =>
    {
        var length = prompt.First().PromptTokens.Length;
        var forward = Workloads.UsefulFlops.Backbone(_settings.Shape, 0, length) + prompt.Sum(sample =>
            Workloads.UsefulFlops.Backbone(_settings.Shape, length, sample.Tokens.Length) + sample.Tokens.Length * Workloads.UsefulFlops.Logits(_settings.Shape));
        return 6 * forward;   // drawn, measured by policy and reference, learnt from: three times a forward pass
    });

    public void Verify()
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        int[] rows = [.. Enumerable.Range(0, _samples.Count)];
        var plain = Plain();
        plain.Begin(_samples, _settings.RowsPerStep);
        using var run = OpenRun();
        using var task = Task(run);
        task.Prepare(1, CancellationToken.None);
        var (ours, their) = (task.Forward(rows, CPU).LossSum.ToDouble(), plain.Forward(rows, CPU).LossSum.ToDouble());
        if (!(Math.Abs(ours - their) <= LossTolerance * Math.Abs(their)))
        {
            throw new InvalidOperationException($"The losses differ: ours is {ours:R}, the plain rendering's {their:R}.");
        }
    }

    public void RunOurs() => Ours();

    public void RunPlain()
    {
        var drawn = new PaddedGenerator(_model, _settings.RowsAtATime).Generate(
            [.. _samples.Select(sample => (sample.PromptTokens, int.Parse(sample.Prompt, System.Globalization.CultureInfo.InvariantCulture), sample.Sample, sample.Tokens.Length))], [], Seed);
        var task = Plain();
        task.Begin([.. _samples.Zip(drawn, (sample, tokens) => sample with { Tokens = [.. tokens.Select(token => (int)token)] })], _settings.RowsPerStep);
        using var loop = Loop(task);
        Pass(loop);
    }

    public IReadOnlyList<(string Part, double Seconds)> Profile(StepProfile profile) => [];

    public void Dispose()
    {
        _model.Dispose();
        _reference.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private IReadOnlyList<Rollout> Ours()
    {
        using var run = OpenRun();
        using var task = Task(run);
        using var loop = Loop(task);
        Pass(loop);
        return task.Rollouts;
    }

    private RunDirectory OpenRun() => RunDirectory.Open(Path.Combine(_folder, $"{_runs++}"));

    private PpoTask Task(RunDirectory run)
    {
        var reward = new WeightedReward([new RewardPart("length", 1, false, null, new LengthReward())]);
        var sampler = new RolloutSampler(_model, ReferencePolicy.Of(_model), _tokenizer, reward, [], Seed);
        return new PpoTask(new OnPolicyRun(_model, _prompts, sampler, new RolloutLog(run.Rollouts), new GrowLog(run.Growing), _settings.RowsPerStep, Seed), _options);
    }

    private PlainPpoTask Plain() => new(_model, _reference, _options);

    private TrainingLoop Loop(ITrainingTask task) =>
        new(task, new LoopOptions { MaxSteps = int.MaxValue, RowsPerStep = _settings.RowsPerStep }, new OptimizerOptions { LearningRate = LearningRate, WeightDecay = 0 }, Seed);

    private void Pass(TrainingLoop loop)
    {
        for (var step = 0; step < _options.RowsPerRound / _settings.RowsPerStep; step++)
        {
            loop.TakeStep();
        }
    }

    // The last norm's bias points along the end token's embedding, a little: its score hardly depends on what stands before.
    private void EndSamplesAfter(double tokens)
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        const double Along = 0.3;
        var direction = zeros(_settings.Shape.Hidden);
        direction[0] = 1;
        _model.OutputWeight[_settings.Shape.Vocabulary - 1].add_(direction * Along);
        _model.Parameters["transformer.ln_f.bias"].add_(direction * (Math.Log(_settings.Shape.Vocabulary / tokens) / Along));
    }

    private sealed class LengthReward : IRolloutReward
    {
        public IReadOnlyList<double> Score(IReadOnlyList<(RolloutPrompt Prompt, GeneratedSample Sample)> samples, CancellationToken cancellationToken) =>
            [.. samples.Select(sample => sample.Sample.Tokens.Count / 100.0)];

        public void Dispose()
        {
        }
    }
}
