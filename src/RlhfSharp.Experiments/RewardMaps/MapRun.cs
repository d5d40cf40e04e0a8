using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using RlhfSharp.Models.Runtime;
using RlhfSharp.QualityDiversity.Scheduling;
using RlhfSharp.Training.Runs;

namespace RlhfSharp.Experiments.RewardMaps;

/// <summary>One search: plans, writes, judges, scores and commits step by step.</summary>
/// <remarks>Resuming repeats all plans and commits, and takes the texts of steps that are in the log from there; so a resumed run ends with the same bytes
/// as one that was never interrupted, whatever the pipeline's depth.</remarks>
internal sealed class MapRun
{
    public const string EventsName = "events.jsonl";

    private readonly MapRecipe _recipe;
    private readonly long _seed;
    private readonly string _eventsPath;
    private readonly MapParts _parts;
    private readonly MapNames _names;
    private readonly MapState _state;
    private readonly TargetSelector _targets;
    private readonly ParentSelector _parents;
    private readonly RandomOperatorOptions _start;

    public MapRun(MapRecipe recipe, long seed, string folder, MapParts parts, MapBaseline? baseline = null)
    {
        (_recipe, _seed, _parts, _names, _state) = (recipe, seed, parts, MapNames.Of(recipe), new MapState(recipe));
        (_targets, _parents) = (new TargetSelector(recipe.Targets, _state.Axes), new ParentSelector(recipe.Parents, baseline, recipe.StartSteps * recipe.BatchSize));
        _start = new RandomOperatorOptions { Template = recipe.Start };
        _eventsPath = Path.Combine(folder, EventsName);
    }

    /// <summary>Runs what is left to do.</summary>
    /// <param name="progress">Is told which share is done; may be null.</param>
    /// <param name="cancellationToken">Stops between steps; what was committed stays.</param>
    /// <returns>Everything that happened.</returns>
    /// <exception cref="InputException">The log does not belong to this recipe, or a model failed.</exception>
    public async Task<MapState> RunAsync(IProgress<double>? progress, CancellationToken cancellationToken)
    {
        using var log = new AppendLog(_eventsPath);
        var recorded = ReadWholeSteps(log);
        await Pipeline.RunAsync(
            _recipe.TotalSteps,
            _recipe.PipelineDepth,
            Plan,
            (step, plans, stop) => step < recorded.Count ? Task.FromResult(Replay(recorded[step], plans, step)) : EvaluateAsync(step, plans, stop),
            (step, _, solutions) =>
            {
                Commit(log, step, solutions, step < recorded.Count ? recorded[step] : null);
                progress?.Report((step + 1.0) / _recipe.TotalSteps);
            },
            cancellationToken).ConfigureAwait(false);
        return _state;
    }

    // The last step has fewer texts where the number of known ones is no multiple of the batch.
    private long Evaluations => _parts.Texts?.Count ?? (long)_recipe.TotalSteps * _recipe.BatchSize;

    /// <summary>Reads a log that is whole and does nothing else.</summary>
    public static MapState Fold(MapRecipe recipe, IEnumerable<string> lines)
    {
        var (state, names) = (new MapState(recipe), MapNames.Of(recipe));
        foreach (var step in lines.Index().Chunk(recipe.BatchSize))
        {
            state.Commit([.. step.Select(line => MapEvent.Read(line.Item, names, $"{EventsName}:{line.Index + 1}"))]);
        }
        return state;
    }

    /// <summary>Writes the plain request for such a text, however it came about: pairs of both phases are then rewarded for the same thing.</summary>
    public static string Instruction(MapRecipe recipe, IReadOnlyList<string?> requested) => PromptTemplate.Render(
        recipe.Start, name => requested.Zip(recipe.Axes).FirstOrDefault(axis => axis.Second.Name == name).First ?? string.Empty);

    private IReadOnlyList<MapPlan> Plan(int step)
    {
        var plans = new List<MapPlan>();
        var first = (long)step * _recipe.BatchSize;
        for (var id = first; id < Math.Min(first + _recipe.BatchSize, Evaluations); id++)
        {
            var random = new NamedRandom(_seed, "map-plan", id);
            var plan = _parts.Texts is { } texts ? texts[(int)id].Plan(id) : PlanNew(step, new MapSituation(id, _state, _targets, _parents, random));
            _targets.Count(plan.Requested);
            plans.Add(plan);
        }
        return plans;
    }

    private MapPlan PlanNew(int step, MapSituation situation)
    {
        var chosen = step < _recipe.StartSteps ? _start : _recipe.Operators[Weighted.Draw([.. _recipe.Operators.Select(one => one.Weight)], situation.Random)];
        return chosen.Plan(situation) ?? _start.Plan(situation);
    }

    private async Task<IReadOnlyList<MapSolution>> EvaluateAsync(int step, IReadOnlyList<MapPlan> plans, CancellationToken cancellationToken)
    {
        var written = await _parts.Writer.WriteAsync([.. plans.Select(plan => new WriteRequest(_seed, plan.Id, plan.Prompt))], cancellationToken).ConfigureAwait(false);
        var texts = written.Select(text => text.Trim()).ToList();
        var filled = Enumerable.Range(0, texts.Count).Where(row => texts[row].Length > 0).ToList();   // there is nothing to judge or score in the others
        var judged = await JudgeAsync(plans, texts, filled, cancellationToken).ConfigureAwait(false);
        var rewards = await ScoreAsync(plans, texts, filled, cancellationToken).ConfigureAwait(false);
        return
        [
            .. plans.Select((plan, row) => new MapSolution
            {
                Id = plan.Id,
                Step = step,
                Operator = plan.Operator,
                Parents = plan.Parents,
                Requested = plan.Requested,
                Judged = judged[row],
                PromptHash = Hash(plan.Prompt),
                Text = texts[row],
                Rewards = [.. rewards[row].Select(reward => reward.Value)],
                Cut = [.. _names.Rewards.Where((_, index) => rewards[row][index].IsCut)],
                Group = _parts.Texts?[(int)plan.Id].Group,
            }),
        ];
    }

    private async Task<string?[][]> JudgeAsync(IReadOnlyList<MapPlan> plans, List<string> texts, List<int> filled, CancellationToken cancellationToken)
    {
        var judged = texts.Select(_ => new string?[_parts.Judges.Count]).ToArray();
        foreach (var (axis, judge) in _parts.Judges.Index())
        {
            if (judge is null || filled.Count == 0)
            {
                continue;
            }
            var requests = filled.ConvertAll(row => new JudgeRequest($"{_recipe.Axes[axis].Name}/{_seed}/{plans[row].Id}", texts[row]));
            foreach (var (row, label) in filled.Zip(await judge.JudgeAsync(requests, cancellationToken).ConfigureAwait(false)))
            {
                judged[row][axis] = label;
            }
        }
        return judged;
    }

    private async Task<MapScore[][]> ScoreAsync(IReadOnlyList<MapPlan> plans, List<string> texts, List<int> filled, CancellationToken cancellationToken)
    {
        var rewards = texts.Select(_ => Enumerable.Repeat(new MapScore(double.NaN, IsCut: false), _recipe.Rewards.Count).ToArray()).ToArray();
        var asked = filled.ConvertAll(row => (plans[row].Id, Prompt: Instruction(_recipe, plans[row].Requested), texts[row]));
        foreach (var reward in _parts.Rewards)
        {
            var index = _recipe.PlaceOf(reward.Options.Name);   // a contrast is made of the others when the step is committed
            foreach (var (row, score) in filled.Zip(await reward.ScoreAsync(asked, cancellationToken).ConfigureAwait(false)))
            {
                rewards[row][index] = score;
            }
        }
        return rewards;
    }

    private IReadOnlyList<MapSolution> Replay(IReadOnlyList<string> lines, IReadOnlyList<MapPlan> plans, int step)
    {
        MapSolution[] solutions = [.. lines.Select((line, row) => MapEvent.Read(line, _names, Where(step, row)))];
        foreach (var (row, (plan, solution)) in plans.Zip(solutions).Index())
        {
            if (plan.Id != solution.Id || Hash(plan.Prompt) != solution.PromptHash)
            {
                throw new InputException($"{Where(step, row)}: this recipe asks for something else at this place. The recipe or the log was changed; start the map anew with --overwrite.");
            }
        }
        return solutions;
    }

    private void Commit(AppendLog log, int step, IReadOnlyList<MapSolution> solutions, IReadOnlyList<string>? recorded)
    {
        foreach (var (row, one) in _state.Commit(solutions).Index())
        {
            var json = one.ToJson(_names);
            if (recorded is null)
            {
                log.AppendJson(json);
            }
            else if (JsonNode.Parse(recorded[row])!["status"]!.ToString() != json["status"]!.ToString())
            {
                throw new InputException($"{Where(step, row)}: the status does not follow from the lines before. The log was changed; start the map anew with --overwrite.");
            }
        }
        if (recorded is null)
        {
            log.Sync();
        }
    }

    // A step is committed whole or done again whole.
    private List<string[]> ReadWholeSteps(AppendLog log)
    {
        log.CutTornLine();
        var lines = log.ReadLines();
        var whole = lines.Count >= Evaluations ? (int)Evaluations : lines.Count / _recipe.BatchSize * _recipe.BatchSize;
        log.CutTo(lines.Take(whole).Sum(line => (long)Encoding.UTF8.GetByteCount(line) + 1));
        return [.. lines.Take(whole).Chunk(_recipe.BatchSize)];
    }

    private string Where(int step, int row) => $"{_eventsPath}:{(long)step * _recipe.BatchSize + row + 1}";

    private static string Hash(string prompt) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(prompt)))[..16];
}
