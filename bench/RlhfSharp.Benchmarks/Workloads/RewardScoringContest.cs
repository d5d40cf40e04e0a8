using RlhfSharp.Benchmarks.Measuring;
using RlhfSharp.Benchmarks.Plain;
using RlhfSharp.Models;
using RlhfSharp.Models.Runtime;
using RlhfSharp.Training.Data;
using RlhfSharp.Training.Rewards;
using static TorchSharp.torch;

namespace RlhfSharp.Benchmarks.Workloads;

/// <summary>Answers of very different lengths scored by a reward model, against batches in the order of the answers that are padded to one fixed length, the longest answer's.</summary>
internal sealed class RewardScoringContest : IContest
{
    private const long Seed = 3;
    private const double Tolerance = 1e-4;   // of scores, which are of the order of 1
    private const int RowsPerBatch = 16;

    private readonly ModelShape _shape;
    private readonly SequenceClassifier _model;
    private readonly RewardModelScorer _ours;
    private readonly List<ScoreRequest> _requests;
    private readonly List<int[]> _rows;

    /// <summary>Draws model and answers.</summary>
    /// <param name="shape">The model.</param>
    /// <param name="count">How many answers.</param>
    /// <param name="median">Half of them have fewer tokens. Lengths are log-normal with σ = 0.7, as those of hh-rlhf's dialogues are about.</param>
    /// <param name="longest">No answer has more tokens.</param>
    public RewardScoringContest(ModelShape shape, int count, int median, int longest)
    {
        _shape = shape;
        _model = shape.CreateClassifier();
        var tokenizer = new NumberTokenizer(shape.Vocabulary);
        _ours = new RewardModelScorer(_model, RewardFormat.Choose(_model.Config, tokenizer, "human-assistant"));   // of plain texts no format adds anything
        var random = new NamedRandom(Seed, "lengths");
        int Length() => Math.Clamp((int)(median * Math.Exp(0.7 * random.NextGaussian())), 1, longest);
        _rows = [.. Enumerable.Range(0, count).Select(index => RandomText.Prompt(index, Length(), shape.Vocabulary))];
        _requests = [.. _rows.Select((row, index) => new ScoreRequest($"{index}", Prompt: null, new Passage(NumberTokenizer.Write(row))))];
    }

    public long Tokens => _rows.Sum(row => (long)row.Length);

    public double UsefulFlops => _rows.Sum(row => Workloads.UsefulFlops.Backbone(_shape, 0, row.Length));

    public void Verify()
    {
        foreach (var (index, (our, their)) in Ours().Zip(Plain()).Index())
        {
            if (!(Math.Abs(our - their) <= Tolerance))
            {
                throw new InvalidOperationException($"The scores of answer {index} differ: ours is {our:R}, the plain rendering's {their:R}.");
            }
        }
    }

    public void RunOurs() => Ours();

    public void RunPlain() => Plain();

    public IReadOnlyList<(string Part, double Seconds)> Profile(StepProfile profile) => [];

    public void Dispose() => _ours.Dispose();

    private IReadOnlyList<double> Ours() => _ours.ScoreAsync(_requests, progress: null, CancellationToken.None).GetAwaiter().GetResult();

    private List<double> Plain()
    {
        var network = new PlainGpt2(_model);
        var columns = _rows.Max(row => row.Length);
        var scores = new List<double>();
        foreach (var batch in _rows.Chunk(RowsPerBatch))
        {
            using var scope = NewDisposeScope();
            using var noGrad = no_grad();
            var tokens = tensor(batch.SelectMany(row => row.Select(id => (long)id).Concat(Enumerable.Repeat(0L, columns - row.Length))).ToArray()).view(batch.Length, columns);
            var all = nn.functional.linear(network.Forward(tokens), _model.Parameters["score.weight"]).squeeze(2);   // [rows, columns]
            var ends = tensor(batch.Select(row => row.Length - 1L).ToArray()).unsqueeze(1);
            scores.AddRange(all.gather(1, ends).squeeze(1).data<float>().Select(score => (double)score));
        }
        return scores;
    }
}
