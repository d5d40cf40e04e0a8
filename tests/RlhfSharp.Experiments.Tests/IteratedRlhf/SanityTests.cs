using RlhfSharp.Experiments.Baselines;
using RlhfSharp.Experiments.IteratedRlhf;
using RlhfSharp.Models;
using RlhfSharp.Models.Architectures;
using RlhfSharp.Models.Checkpoints;
using RlhfSharp.Models.Runtime;
using RlhfSharp.Models.Tokenization;
using RlhfSharp.Training.Data;
using RlhfSharp.Training.Metrics;
using RlhfSharp.Training.Objectives;
using RlhfSharp.Training.Rewards;
using RlhfSharp.Training.Rollouts;
using static TorchSharp.torch;

namespace RlhfSharp.Experiments.Tests.IteratedRlhf;

/// <summary>What must come out of an iterated experiment whatever the models are.</summary>
public sealed class SanityTests
{
    private static readonly string[] Words = ["sun", "sea", "rain", "stone", "bread", "door", "bird", "wind", "salt", "road"];

    [Fact]
    [NoTensorLeak]
    public void Measures_ProxyIsGold_LeavesNoGap()
    {
        using var folder = TestFiles.NewFolder();
        WriteRewardModel(folder.Path);
        var prompts = Prompts(20);
        var random = new NamedRandom(1, "answers");
        List<Rollout> start = [.. prompts.Training.SelectMany(prompt => new[] { Answer(prompt.Id, 0, Text(random)), Answer(prompt.Id, 1, Text(random)) })];
        using (var gold = RewardModelScorer.Load(folder.Path, null, label: null, ScalarType.Float32, CPU))
        {
            start = WithReward(start, GoldLabels.Gold, gold, prompts);
        }
        var scale = Scale.Of([.. start.Select(answer => answer.Rewards[GoldLabels.Gold])]);
        using (var proxy = ProxyReward.Load([[folder.Path]], new ProxyOptions(), start, prompts, CPU))
        {
            start = WithReward(start, IterationMeasures.Proxy, proxy, prompts);
        }
        var measures = new IterationMeasures(prompts.Groups, start, scale);
        var pairs = start.Chunk(2).ToList();

        var metrics = measures.Of(0, pairs, pairs.ConvertAll(pair => (pair.Average(measures.Gold), pair.Average(answer => answer.Rewards[IterationMeasures.Proxy]), 0.0)), entropy: null).Metrics;

        Assert.True(scale.Deviation > 0.01, "the model tells answers apart");
        Assert.Equal(0, metrics["gap"], 1e-6);
        Assert.All(start, answer => Assert.Equal(measures.Gold(answer), answer.Rewards[IterationMeasures.Proxy], 1e-5));
        Assert.Equal(1, metrics["rank_correlation"], 1e-12);
        Assert.Equal(1, metrics["proxy/accuracy"], 1e-12);
        Assert.Equal(0.5, metrics["win_rate"], 1e-12);   // against itself
    }

    [Theory]   // a judge of words learns from labels; the best of eight answers by it is better by gold where labels are gold's, and by chance where they are coins
    [InlineData(0, true)]
    [InlineData(0.5, false)]
    public void BestOfN_ProxyOfRandomLabels_GainsNothing(double noise, bool gains)
    {
        const int Repetitions = 60;
        double[] gain = [.. Enumerable.Range(0, Repetitions).Select(repetition => Gain(noise, repetition))];
        var interval = Statistics.StudentT(gain);

        Assert.Equal(gains, interval.Low > 0);
        Assert.Equal(gains, !interval.Contains(0));
        Assert.InRange(gain.Average(), gains ? 0.8 : -0.25, gains ? 2 : 0.25);
    }

    // Of one judge, in standard deviations of gold: more sun and sea is better, more salt and stone is worse.
    private static double Gain(double noise, int repetition)
    {
        const int Labels = 150;
        const int Groups = 40;
        const int Samples = 8;
        var random = new NamedRandom(repetition, "answers");
        var prompts = Prompts(Labels);
        List<Rollout> rollouts = [.. prompts.Training.SelectMany(prompt => new[] { Judged(prompt.Id, 0, random), Judged(prompt.Id, 1, random) })];
        var scale = Scale.Of([.. rollouts.Select(rollout => rollout.Rewards[GoldLabels.Gold])]);
        List<AnswerPair> pairs =
        [
            .. GoldLabels.Preferences(rollouts, prompts.ById, new LabelOptions { Noise = noise }, scale.Deviation, repetition)
                .Select(row => new AnswerPair(row.Chosen.ToPlainText(), row.Rejected.ToPlainText())),
        ];
        var features = new WordFeatures(pairs);
        var weights = LogisticRegression.Fit([.. pairs.Select(features.Describe)], features.Count, 3);
        return Enumerable.Range(0, Groups).Average(_ =>
        {
            List<Rollout> answers = [.. Enumerable.Range(0, Samples).Select(sample => Judged("p0", sample, random))];
            List<double> gold = answers.ConvertAll(answer => scale.Apply(answer.Rewards[GoldLabels.Gold]));
            return BestOfN.Expected(answers.ConvertAll(answer => LogisticRegression.Score(weights, features.Describe(new AnswerPair(answer.Text, string.Empty)))), gold, Samples) - gold.Average();
        });
    }

    private static Rollout Judged(string prompt, int sample, NamedRandom random)
    {
        var text = Text(random);
        var words = text.Split(' ');
        var answer = Answer(prompt, sample, text);
        answer.Rewards[GoldLabels.Gold] = words.Count(word => word is "sun" or "sea") - words.Count(word => word is "salt" or "stone");
        return answer;
    }

    private static string Text(NamedRandom random) => string.Join(' ', Enumerable.Range(0, 6).Select(_ => Words[random.Next(Words.Length)]));

    private static List<Rollout> WithReward(List<Rollout> answers, string name, IScorer scorer, PromptSet prompts)
    {
        var requests = answers.ConvertAll(answer => new ScoreRequest($"{answer.Prompt}/{answer.Sample}", prompts.ById[answer.Prompt].Prompt, new Passage([new ChatMessage(ChatMessage.Assistant, answer.Text)])));
        var scores = scorer.ScoreAsync(requests, null, CancellationToken.None).GetAwaiter().GetResult();
        return [.. answers.Zip(scores, (answer, score) => answer with { Rewards = new OrderedDictionary<string, double>(answer.Rewards) { [name] = score } })];
    }

    private static PromptSet Prompts(int count)
    {
        List<RolloutPrompt> prompts = [.. Enumerable.Range(0, count).Select(i => new RolloutPrompt($"p{i}", new Passage([new ChatMessage(ChatMessage.User, $"question {i}")]), [1]))];
        return new PromptSet(prompts, [], prompts.ToDictionary(prompt => prompt.Id, prompt => prompt.Id), ChatFormats.Get("plain"), Bytes());
    }

    private static Tokenizer Bytes() => new ByteLevelBpeTrainer { VocabularySize = 257, EosToken = "<|end|>", BosToken = "<|end|>" }.Train(["a text"]);

    // Of large random weights, so that scores differ.
    private static void WriteRewardModel(string path)
    {
        var tokenizer = Bytes();
        var json = System.Text.Json.Nodes.JsonNode.Parse(
            $$"""{"model_type":"gpt2","n_layer":1,"n_embd":16,"n_head":2,"n_positions":128,"vocab_size":{{tokenizer.VocabularySize}},"initializer_range":0.5,"num_labels":1}""")!.AsObject();
        json[RewardFormat.ConfigKey] = "plain";
        using var model = SequenceClassifier.Create(ArchitectureRegistry.Read(new ConfigFile(json, "test")), seed: 1, ScalarType.Float32, CPU);
        Checkpoint.Save(model, path);
        tokenizer.Save(path);
    }

    private static Rollout Answer(string prompt, int sample, string text) => new()
    {
        Round = 0,
        Prompt = prompt,
        Sample = sample,
        PromptText = prompt,
        PromptTokens = [1],
        Tokens = [2],
        Text = text,
        IsTruncated = false,
        LogProbs = [-1],
        ReferenceLogProbs = [-1],
        Rewards = [],
        Reward = 0,
    };
}
