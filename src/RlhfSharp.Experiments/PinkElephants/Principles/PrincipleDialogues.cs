using RlhfSharp.Experiments.Endpoints;
using RlhfSharp.Models.Runtime;

namespace RlhfSharp.Experiments.PinkElephants;

/// <summary>Has a language model write dialogues of the pink-elephant task: topics, pairs of things, situations, dialogues, revisions.</summary>
/// <remarks>After Castricato et al. 2024, https://arxiv.org/abs/2402.07896 (direct principle feedback): the rejected answer is what the model wrote, the
/// chosen one its own revision under the principle, and nothing ranks them. Each step works on the whole result of the one before, in a fixed order, so
/// the rows depend on the answers and the seed, not on which answer came first.</remarks>
public sealed class PrincipleDialogues
{
    private const int FewestQuestions = 2;
    private const int MostQuestions = 4;

    private readonly PrincipleOptions _options;
    private readonly long _seed;
    private readonly IEndpointObserver? _observer;
    private readonly ParallelOptions _parallel;
    private readonly DropCounts _drops = new();
    private readonly Asker _asker;

    private PrincipleDialogues(EndpointClient client, PrincipleOptions options, long seed, IEndpointObserver? observer, CancellationToken cancellationToken)
    {
        (_options, _seed, _observer) = (options, seed, observer);
        _asker = new Asker(client, _drops, options.Reasks);
        _parallel = new ParallelOptions { MaxDegreeOfParallelism = client.Concurrency, CancellationToken = cancellationToken };
    }

    /// <summary>Writes a data set.</summary>
    /// <param name="client">The model.</param>
    /// <param name="options">How much is written.</param>
    /// <param name="seed">Decides the split, the instructions and the length of dialogues.</param>
    /// <param name="observer">Watches; may be null.</param>
    /// <param name="cancellationToken">Stops; answers that are there are kept in the transcript.</param>
    /// <returns>The rows.</returns>
    /// <exception cref="InputException">The endpoint does not answer, or its answers make no data set.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public static Task<PrincipleResult> WriteAsync(
        EndpointClient client, PrincipleOptions options, long seed, IEndpointObserver? observer, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(client);
        ArgumentNullException.ThrowIfNull(options);
        return new PrincipleDialogues(client, options, seed, observer, cancellationToken).WriteAsync();
    }

    private async Task<PrincipleResult> WriteAsync()
    {
        var topics = await TopicsAsync().ConfigureAwait(false);
        var pairs = await PairsAsync(topics).ConfigureAwait(false);
        var plans = await PlansAsync(pairs).ConfigureAwait(false);
        var drafts = await DialoguesAsync(plans).ConfigureAwait(false);
        var revised = await RevisionsAsync(drafts).ConfigureAwait(false);
        var rows = revised.SelectMany(draft => DraftRows.Make(draft, _options.PlainShare, _seed)).ToList();
        return new PrincipleResult(PairPartition.Split(rows, _seed), _drops.ToSorted());
    }

    private async Task<IReadOnlyList<string>> TopicsAsync()
    {
        var dialogues = _options.Topics * _options.PairsPerTopic * _options.DialoguesPerPair;
        Begin(TopicStep.Name, 1 + _options.Topics + _options.Topics * _options.PairsPerTopic + 2 * dialogues);
        var topics = await _asker.CollectAsync(TopicStep.Name, string.Empty, _options.Topics, TopicStep.List, _parallel.CancellationToken).ConfigureAwait(false);
        return NotEmpty(topics, TopicStep.Name);
    }

    private async Task<IReadOnlyList<(string Id, string Topic, ContrastPair Pair)>> PairsAsync(IReadOnlyList<string> topics)
    {
        var dialogues = topics.Count * _options.PairsPerTopic * _options.DialoguesPerPair;
        Begin(PairStep.Name, topics.Count + topics.Count * _options.PairsPerTopic + 2 * dialogues);
        var lists = await EachAsync(topics, (topic, token) =>
            _asker.CollectAsync(PairStep.Name, NameRules.Key(topic), _options.PairsPerTopic, PairStep.List(topic), token)).ConfigureAwait(false);
        var all = topics.Zip(lists).SelectMany(list => list.Second.Select((pair, i) => ($"{NameRules.Key(list.First)}/{i}", list.First, pair)));
        return NotEmpty(Distinct(all, item => item.pair.Key, PairStep.Name), PairStep.Name);
    }

    private async Task<IReadOnlyList<DraftDialogue>> PlansAsync(IReadOnlyList<(string Id, string Topic, ContrastPair Pair)> pairs)
    {
        Begin(PlanStep.Name, pairs.Count * (1 + 2 * _options.DialoguesPerPair));
        var lists = await EachAsync(pairs, (item, token) =>
            _asker.CollectAsync(PlanStep.Name, item.Id, _options.DialoguesPerPair, PlanStep.List(item.Topic, item.Pair), token)).ConfigureAwait(false);
        return NotEmpty([.. pairs.Zip(lists).SelectMany(list => list.Second.Select((plan, i) => Draft(list.First, plan, i)))], PlanStep.Name);
    }

    private DraftDialogue Draft((string Id, string Topic, ContrastPair Pair) about, string plan, int index)
    {
        var (id, topic, pair) = ($"{about.Id}/{index}", about.Topic, about.Pair);
        var isForward = index % 2 == 0;
        return new DraftDialogue
        {
            Id = id,
            Topic = topic,
            Avoid = isForward ? pair.First : pair.Second,
            AvoidAliases = isForward ? pair.FirstAliases : pair.SecondAliases,
            Prefer = isForward ? pair.Second : pair.First,
            PreferAliases = isForward ? pair.SecondAliases : pair.FirstAliases,
            Plan = plan,
            Questions = FewestQuestions + new NamedRandom(_seed, $"principles/questions/{id}").Next(MostQuestions - FewestQuestions + 1),
        };
    }

    private async Task<IReadOnlyList<DraftDialogue>> DialoguesAsync(IReadOnlyList<DraftDialogue> drafts)
    {
        Begin(DialogueStep.Name, 2 * drafts.Count);
        var written = await EachAsync(drafts, async (draft, token) =>
        {
            var turns = await _asker.AskAsync(DialogueStep.Name, draft.Id, DialogueStep.Question(draft), DialogueStep.Parse, tries: null, token).ConfigureAwait(false);
            var refusal = turns is null ? "given up" : DialogueStep.Refuse(turns, draft.Detector);
            if (refusal is not null)
            {
                _drops.Add(DialogueStep.Name, refusal);
            }
            return refusal is null ? draft with { Turns = turns! } : null;
        }).ConfigureAwait(false);
        return NotEmpty(Distinct(written.OfType<DraftDialogue>(), draft => draft.Key, DialogueStep.Name), DialogueStep.Name);
    }

    private async Task<IReadOnlyList<DraftDialogue>> RevisionsAsync(IReadOnlyList<DraftDialogue> drafts)
    {
        Begin(RevisionStep.Name, drafts.Count);
        var revised = await EachAsync(drafts, async (draft, token) =>
        {
            var answer = await _asker.AskAsync(
                RevisionStep.Name, draft.Id, RevisionStep.Question(draft), text => RevisionStep.Parse(text, draft), _options.Revisions, token).ConfigureAwait(false);
            _drops.Add(RevisionStep.Name, "given up", answer is null ? 1 : 0);
            return answer is null ? null : draft with { Revision = answer };
        }).ConfigureAwait(false);
        return NotEmpty([.. revised.OfType<DraftDialogue>()], RevisionStep.Name);
    }

    private void Begin(string step, int expected) => _observer?.OnStep(step, expected);

    // The results lie where their items lay, whichever came first.
    private async Task<TResult[]> EachAsync<TItem, TResult>(IReadOnlyList<TItem> items, Func<TItem, CancellationToken, Task<TResult>> work)
    {
        var results = new TResult[items.Count];
        await Parallel.ForAsync(0, items.Count, _parallel, async (i, token) => results[i] = await work(items[i], token).ConfigureAwait(false)).ConfigureAwait(false);
        return results;
    }

    private List<T> Distinct<T>(IEnumerable<T> items, Func<T, string> key, string step)
    {
        var all = items.ToList();
        var distinct = all.DistinctBy(key, StringComparer.Ordinal).ToList();
        _drops.Add(step, "duplicate", all.Count - distinct.Count);
        return distinct;
    }

    private IReadOnlyList<T> NotEmpty<T>(IReadOnlyList<T> items, string step) => items.Count > 0 ? items
        : throw new InputException($"The model's answers gave no usable {step}: {string.Join(", ", _drops.ToSorted().Select(drop => $"{drop.Key} ({drop.Value})"))}. "
            + "The transcript shows what it wrote. Try a larger model.");
}
