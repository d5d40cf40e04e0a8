using RlhfSharp.Experiments.Baselines;
using RlhfSharp.Training.Data;
using RlhfSharp.Training.Runs;

namespace RlhfSharp.Experiments.Dialogues;

/// <summary>Judges that read the answers' text alone, to set beside one that was trained on the same folds.</summary>
internal sealed class SimpleJudges
{
    private readonly Dictionary<string, IReadOnlyList<double>> _picks = [];

    /// <summary>No judges.</summary>
    public static SimpleJudges None { get; } = new();

    /// <summary>Lets them judge.</summary>
    /// <param name="rows">All rows.</param>
    /// <param name="train">Where the pairs to train on stand.</param>
    /// <param name="heldOut">Where those stand that are held out.</param>
    public static SimpleJudges Of(IReadOnlyList<TextRow> rows, IEnumerable<RowSource> train, IEnumerable<RowSource> heldOut)
    {
        var textOf = rows.OfType<PreferenceRow>().ToDictionary(row => row.Source, row => new AnswerPair(Answer(row.Chosen), Answer(row.Rejected)));
        List<AnswerPair> Texts(IEnumerable<RowSource> sources) => [.. sources.Select(source => textOf[source])];
        var held = Texts(heldOut);
        var judges = new SimpleJudges();
        judges._picks["shorter"] = ShorterAnswerWins.Evaluate(held);
        judges._picks["bag-of-words"] = BagOfWordsPreference.Evaluate(Texts(train), held, seed: 0);
        return judges;
    }

    /// <summary>Adds their accuracies, and the paired differences of the trained judge's from them.</summary>
    /// <param name="observations">Those of all held-out pairs.</param>
    /// <param name="metric">The trained judge's accuracy among them.</param>
    /// <param name="name">The trained judge's name in the differences.</param>
    public void AddTo(OrderedDictionary<string, IReadOnlyList<Observation>> observations, string metric, string name)
    {
        var own = observations[metric];
        foreach (var (judge, picks) in _picks)
        {
            observations[$"accuracy/{judge}"] = [.. picks.Select((pick, i) => new Observation(own[i].Group, pick))];
            observations[$"difference/{name}-minus-{judge}"] = [.. picks.Select((pick, i) => new Observation(own[i].Group, own[i].Value - pick))];
        }
    }

    private static string Answer(Passage passage) => passage.IsConversational ? passage.Messages[^1].Content : passage.Text;
}
