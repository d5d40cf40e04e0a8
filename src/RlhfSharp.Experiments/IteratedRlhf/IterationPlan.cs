using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using RlhfSharp.Experiments.PinkElephants;
using RlhfSharp.Training.Objectives;
using RlhfSharp.Training.Rollouts;

namespace RlhfSharp.Experiments.IteratedRlhf;

/// <summary>The stages of one row with one seed, in the order in which they are computed.</summary>
internal sealed class IterationPlan
{
    private readonly IterationRecipe _recipe;
    private readonly long _seed;
    private readonly List<Stage> _stages = [];

    private IterationPlan(IterationRecipe recipe, long seed) => (_recipe, _seed) = (recipe, seed);

    /// <summary>Gets all stages.</summary>
    public IReadOnlyList<Stage> Stages => _stages;

    /// <summary>Gets the answers of the start to the held-out prompts.</summary>
    public required LabelStage HeldOut { get; init; }

    /// <summary>Gets the labels, by iteration.</summary>
    public List<IReadOnlyList<LabelStage>> Labels { get; } = [];

    /// <summary>Gets the policies, by iteration.</summary>
    public List<PolicyStage> Policies { get; } = [];

    /// <summary>Plans a row.</summary>
    /// <param name="recipe">The row's recipe.</param>
    /// <param name="seed">The seed.</param>
    /// <returns>The plan; rows whose stages depend on the same things share them by their keys.</returns>
    public static IterationPlan Of(IterationRecipe recipe, long seed)
    {
        var heldOut = Labelled(recipe, seed, null, -1);
        var plan = new IterationPlan(recipe, seed) { HeldOut = heldOut };
        plan._stages.Add(heldOut);
        var proxies = new List<IReadOnlyList<ProxyStage>>();
        for (var iteration = 1; iteration <= recipe.Iterations; iteration++)
        {
            plan.AddLabels();
            proxies.Add(plan.AddProxies(iteration, proxies.LastOrDefault()));
            plan.AddPolicy(iteration, proxies);
        }
        return plan;
    }

    private void AddLabels()
    {
        var policy = Policies.LastOrDefault();
        var first = Labels.Sum(batches => batches.Count);
        Labels.Add([.. Enumerable.Range(first, _recipe.Labels.BatchesPerIteration).Select(batch => Labelled(_recipe, _seed, policy, batch))]);
        _stages.AddRange(Labels[^1]);
    }

    private static LabelStage Labelled(IterationRecipe recipe, long seed, PolicyStage? policy, int batch) => new(
        Key("labels", Spec(recipe, seed, ("gold", GoldSpec(recipe.Gold)), ("policy", policy?.Key), ("batch", batch), ("tokens", recipe.Labels.MaxNewTokens),
            ("prompts", batch < 0 ? recipe.Evaluation.Prompts : recipe.Labels.PerBatch),
            ("from", batch < 0 ? recipe.Evaluation.From.ToString() : null))),
        policy,
        batch);

    // Of a server, who answers and not how fast.
    private static object GoldSpec(GoldOptions gold) => new { gold.Path, gold.Format, Type = gold.Type.ToString(), gold.Endpoint?.Url, Kind = gold.Endpoint?.Kind.ToString(), gold.Endpoint?.Model };

    private IReadOnlyList<ProxyStage> AddProxies(int iteration, IReadOnlyList<ProxyStage>? last)
    {
        var options = _recipe.Proxy;
        IReadOnlyList<IReadOnlyList<LabelStage>> labels = options.Data == DataCombination.Last ? [Labels[^1]] : [.. Labels];
        List<ProxyStage> proxies =
        [
            .. Enumerable.Range(0, options.Members).Select(member =>
            {
                var from = options.Continues ? last?[member] : null;
                var spec = Spec(
                    _recipe,
                    _seed,
                    ("path", (object?)options.New ?? options.Path),
                    ("labels", labels.SelectMany(batches => batches).Select(batch => batch.Key).ToArray()),
                    ("sample", options.Data == DataCombination.Sample && iteration > 1),
                    ("noise", (object)new { _recipe.Labels.Noise, _recipe.Labels.Temperature }),
                    ("scale", _recipe.Labels.Temperature > 0 ? HeldOut.Key : null),   // how unsure gold is, is measured in its spread on these
                    ("member", member),
                    ("from", from?.Key),
                    ("training", (object)new { options.Epochs, options.PairsPerStep, options.CenterRewardsCoefficient, options.Optimizer }));
                return new ProxyStage(Key("proxy", spec), labels, member, from);
            }),
        ];
        _stages.AddRange(proxies);
        return proxies;
    }

    private void AddPolicy(int iteration, IReadOnlyList<IReadOnlyList<ProxyStage>> proxies)
    {
        var previous = Policies.LastOrDefault();
        var mode = previous is null ? PolicyStart.Supervised : _recipe.Start;
        // Of proxies of which only the last counts, the others make no difference.
        IReadOnlyList<IReadOnlyList<ProxyStage>> counting = _recipe.Proxy.CombineIterations == ProxyCombination.Last ? [proxies[^1]] : [.. proxies];
        var spec = Spec(
            _recipe,
            _seed,
            ("model", _recipe.Model),
            ("heldOut", HeldOut.Key),
            ("proxies", counting.SelectMany(members => members).Select(member => member.Key).ToArray()),
            ("combine", (object)new
            {
                Iterations = counting.Count > 1 ? _recipe.Proxy.CombineIterations : ProxyCombination.Last,
                Members = _recipe.Proxy.Members > 1 ? _recipe.Proxy.CombineMembers : default,
                UncertaintyWeight = ReadsUncertainty(counting.Count) ? _recipe.Proxy.UncertaintyWeight : 0,
            }),
            ("mode", mode),
            ("previous", mode == PolicyStart.Supervised ? null : previous!.Key),
            ("eta", mode == PolicyStart.Interpolated ? _recipe.Eta : 0),
            ("reward", _recipe.Reward == PolicyReward.Gold ? "gold" : null),
            ("objective", _recipe.Objective),
            ("optimizer", _recipe.Optimizer),
            ("loop", _recipe.Loop));
        Policies.Add(new PolicyStage(Key("policy", spec), iteration, counting, mode, mode == PolicyStart.Supervised ? null : previous)
        {
            BestOf = (_recipe.Objective as BestOfNOptions)?.Samples,
        });
        _stages.Add(Policies[^1]);
    }

    private bool ReadsUncertainty(int iterations) => (_recipe.Proxy.Members > 1 && _recipe.Proxy.CombineMembers == EnsembleCombination.UncertaintyWeighted)
        || (iterations > 1 && _recipe.Proxy.CombineIterations == ProxyCombination.UncertaintyWeighted);

    private static JsonObject Spec(IterationRecipe recipe, long seed, params (string Name, object? Value)[] parts)
    {
        // Of the model what the start answers by, of the data what makes prompts; how the policy trains is added where it does.
        var data = recipe.Data is PinkElephantDataOptions elephants ? elephants with { Reward = default } : recipe.Data;
        var spec = new JsonObject { ["seed"] = seed, ["start"] = recipe.Model.Path, ["type"] = recipe.Model.Type.ToString(), ["data"] = Node(data) };
        foreach (var (name, value) in parts)
        {
            spec[name] = Node(value);
        }
        return spec;
    }

    // By its own type, which the declared one hides, and with that type's name: two kinds of objective may have equal settings.
    private static JsonNode? Node(object? value)
    {
        var node = value is null ? null : JsonSerializer.SerializeToNode(value, value.GetType());
        if (node is JsonObject settings)
        {
            settings["kind"] = value!.GetType().IsPublic ? value.GetType().Name : null;
        }
        return node;
    }

    private static string Key(string kind, JsonObject spec) =>
        $"{kind}-{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(spec.ToJsonString())))[..16]}";
}
