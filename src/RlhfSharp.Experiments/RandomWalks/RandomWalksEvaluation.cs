using System.Globalization;
using System.Text.Json.Nodes;
using RlhfSharp.Models;
using RlhfSharp.Models.Generation;
using RlhfSharp.Models.Heads;
using RlhfSharp.Models.Tokenization;
using RlhfSharp.Training.Runs;

namespace RlhfSharp.Experiments.RandomWalks;

/// <summary>Samples walks from each of the 20 starts at several strengths of steering and scores them.</summary>
internal sealed class RandomWalksEvaluation(RandomWalksGraph graph, RandomWalksEvaluationOptions options, LanguageModel model, Tokenizer tokenizer, long seed) : IEvaluation
{
    private const string Metric = "optimality";

    public EvaluationResult Evaluate(int step, bool isLast, CancellationToken cancellationToken)
    {
        var metrics = new OrderedDictionary<string, double>();
        var observations = new Dictionary<string, IReadOnlyList<Observation>>();
        var samples = new List<JsonObject>();
        // Without heads there is nothing to steer: one column says it all.
        IReadOnlyList<double> betas = model.Head<IlqlHeads>() is null ? [0] : options.Betas;
        foreach (var beta in betas)
        {
            var walks = Sample(beta, step, isLast ? options.FinalSamplesPerStart : options.SamplesPerStart, cancellationToken);
            var scores = walks.Select(walk => new Observation(walk[..1], graph.Optimality(walk))).ToList();
            metrics[Name(Metric, beta)] = scores.Average(score => score.Value);
            metrics[Name("lengths", beta)] = walks.Average(walk => graph.Length(walk));
            observations[Name(Metric, beta)] = scores;
            samples.AddRange(walks.Zip(scores).DistinctBy(pair => pair.First[..1]).Select(pair => new JsonObject
            {
                ["step"] = step,
                ["beta"] = beta,
                ["prompt"] = pair.First[..1],
                ["text"] = pair.First[1..],
                [Metric] = pair.Second.Value,
            }));
        }
        if (betas.Contains(0) && betas.Count > 1)
        {
            var strongest = betas.Max();
            metrics["steering/gain"] = metrics[Name(Metric, strongest)] - metrics[Name(Metric, 0)];
        }
        return new EvaluationResult(metrics, samples, isLast ? observations : new Dictionary<string, IReadOnlyList<Observation>>());
    }

    private static string Name(string metric, double beta) => $"{metric}@beta={beta.ToString(CultureInfo.InvariantCulture)}";

    private List<string> Sample(double beta, int step, int samplesPerStart, CancellationToken cancellationToken)
    {
        var starts = RandomWalksGraph.Starts.Select(start => start.ToString()).ToList();
        var steering = model.Head<IlqlHeads>() is { } heads ? [new IlqlSteering(heads, beta)] : Array.Empty<ILogitsProcessor>();
        var generated = new TextGenerator(model, [tokenizer.EosId!.Value], tokenizer).Generate(
            [.. starts.Select(tokenizer.Encode)],
            samplesPerStart,
            new GenerationOptions { MaxNewTokens = RandomWalksGraph.MaxLength - 1, TopK = options.TopK, BatchSize = 400 },
            seed + step,   // other walks at each evaluation
            steering,
            cancellationToken: cancellationToken);
        return [.. generated.Select(sample => starts[sample.Prompt] + sample.Text)];
    }
}
