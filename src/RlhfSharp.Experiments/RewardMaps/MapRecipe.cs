using System.ComponentModel.DataAnnotations;
using RlhfSharp.Experiments.Poems;
using RlhfSharp.Experiments.Recipes;

namespace RlhfSharp.Experiments.RewardMaps;

/// <summary>A recipe of <c>rlhf map</c>: which texts are written, how they are told apart, and what rewards them.</summary>
public sealed record MapRecipe : ExperimentRecipe
{
    /// <summary>Gets the axes. Pictures are made where there are one or two.</summary>
    [MinLength(1)]
    public required IReadOnlyList<MapAxisOptions> Axes { get; init; }

    /// <summary>Gets which labels decide the cell of a text.</summary>
    public required LabelMode LabelMode { get; init; }

    /// <summary>Gets who writes the texts.</summary>
    public required MapGeneratorOptions Generator { get; init; }

    /// <summary>Gets the prompt of the first phase, and of later texts where an operator needs more elites than there are; <c>{genre}</c> stands for the label asked for on
    /// the axis <c>genre</c>.</summary>
    [Required]
    public required string Start { get; init; }

    /// <summary>Gets how texts of the second phase are asked for; which one, is drawn for each text by the weights.</summary>
    /// <value>At least one where there is a second phase; none, the default, where the texts are known beforehand.</value>
    public IReadOnlyList<MapOperatorOptions> Operators { get; init; } = [];

    /// <summary>Gets the rewards. The first decides what is an elite; where it is a contrast, the map is a search for disagreement between two of the others.</summary>
    [MinLength(1)]
    public required IReadOnlyList<MapRewardOptions> Rewards { get; init; }

    /// <summary>Gets what the first reward is known to like, against which the map's claims are held; needs axes called genre and tone with the built-in world's labels.</summary>
    /// <value>Null, the default, where that is not known.</value>
    public PlantedOptions? Planted { get; init; }

    /// <summary>Gets what is asked for.</summary>
    /// <value>The default is uniform.</value>
    public TargetChoice Targets { get; init; }

    /// <summary>Gets which elite a new text starts from.</summary>
    /// <value>The default is uniform.</value>
    public ParentChoice Parents { get; init; }

    /// <summary>Gets whether a text that was there before, white space and case aside, is rejected and counted.</summary>
    /// <value>The default is true.</value>
    public bool DropDuplicates { get; init; } = true;

    /// <summary>Gets the steps of the first phase.</summary>
    /// <value>From 1 to <see cref="TotalSteps"/>. The default is 250, the hackathon's.</value>
    [Range(1, 1_000_000)]
    public int StartSteps { get; init; } = 250;

    /// <summary>Gets the steps of both phases.</summary>
    /// <value>The default is 500, the hackathon's.</value>
    [Range(1, 1_000_000)]
    public int TotalSteps { get; init; } = 500;

    /// <summary>Gets how many texts a step evaluates.</summary>
    /// <value>From 1. The default is 10, the hackathon's.</value>
    [Range(1, 10_000)]
    public int BatchSize { get; init; } = 10;

    /// <summary>Gets how many steps are under way at a time, so that one is written while another is scored. It decides what a step can know of the ones before,
    /// so another depth gives another map; how fast anything is does not.</summary>
    /// <value>From 1. The default is 2.</value>
    [Range(1, 64)]
    public int PipelineDepth { get; init; } = 2;

    /// <summary>Gets how many texts a cell keeps.</summary>
    /// <value>From 1. The default is 1.</value>
    [Range(1, 1000)]
    public int ArchiveDepth { get; init; } = 1;

    /// <summary>Gets k of the expected best of k texts, by which cells with different numbers of texts are compared.</summary>
    /// <value>From 1. The default is 10.</value>
    [Range(1, 1_000_000)]
    public int BestOf { get; init; } = 10;

    /// <summary>Gets whether the best text of each cell is scored again with changes that no reader would mind (white space, case, order of lines): up to three more scores per cell.</summary>
    /// <value>The default is false.</value>
    public bool CheckEdits { get; init; }

    /// <summary>Gets the searches without a map that are run beside it, with as many evaluations each: the first phase is shared, the second costs as much again.</summary>
    /// <value>The default is none.</value>
    public IReadOnlyList<MapBaseline> Baselines { get; init; } = [];

    /// <inheritdoc/>
    public override IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        foreach (var result in base.Validate(validationContext))
        {
            yield return result;
        }
        if (StartSteps > TotalSteps)
        {
            yield return new($"startSteps is {StartSteps}, more than totalSteps, {TotalSteps}.", [nameof(StartSteps)]);
        }
        foreach (var (names, key) in new[] { (Axes.Select(axis => axis.Name), nameof(Axes)), (Rewards.Select(reward => reward.Name), nameof(Rewards)) })
        {
            if (names.CountBy(name => name).FirstOrDefault(name => name.Value > 1).Key is { } twice)
            {
                yield return new($"two entries are called '{twice}'.", [key]);
            }
        }
        foreach (var axis in Axes.OfType<LabelAxisOptions>().Where(axis => axis.Labels.Distinct(StringComparer.Ordinal).Count() < axis.Labels.Count))
        {
            yield return new($"the axis '{axis.Name}' has a label twice.", [nameof(Axes)]);
        }
        foreach (var axis in Axes.OfType<LabelAxisOptions>().Where(axis => axis.Labels.Any(string.IsNullOrWhiteSpace) || axis.Labels.Contains(MapFiles.NoLabel)))
        {
            yield return new($"the axis '{axis.Name}' has a label that is empty or '{MapFiles.NoLabel}', which stands for no label.", [nameof(Axes)]);
        }
        foreach (var axis in Axes.OfType<LengthAxisOptions>().Where(axis => !axis.Ticks.All(double.IsFinite)))
        {
            yield return new($"a tick of the axis '{axis.Name}' is no finite number.", [nameof(Axes)]);
        }
        foreach (var axis in Axes.OfType<LengthAxisOptions>().Where(axis => !axis.Ticks.SequenceEqual(axis.Ticks.Distinct().Order())))
        {
            yield return new($"the ticks of the axis '{axis.Name}' are not ascending.", [nameof(Axes)]);
        }
        foreach (var (axis, mistake) in Axes.Select(axis => (axis, Mistake: axis.Mistake(Generator.KnowsTexts))).Where(one => one.Mistake is not null))
        {
            yield return new($"the axis '{axis.Name}' {mistake}.", [nameof(Axes)]);
        }
        if (Generator.KnowsTexts && Operators.Count > 0)
        {
            yield return new("the texts are known beforehand and none is rewritten; leave the operators out.", [nameof(Operators)]);
        }
        if (Generator.KnowsTexts && Seeds.Count > 1)
        {
            yield return new("the texts are known beforehand, so every seed would give the same map, and intervals over seeds would say nothing. Give one.", [nameof(Seeds)]);
        }
        if (!Generator.KnowsTexts && Operators.Count == 0 && StartSteps < TotalSteps)
        {
            yield return new("there is none, and the steps after startSteps need at least one.", [nameof(Operators)]);
        }
        if (LabelMode != LabelMode.Requested && Axes.OfType<LabelAxisOptions>().FirstOrDefault(axis => axis.Judge is null) is { } unjudged)
        {
            yield return new($"labelMode {LabelMode.ToString().ToLowerInvariant()} needs a judge for the axis '{unjudged.Name}'.", [nameof(LabelMode)]);
        }
        if (Baselines.Distinct().Count() < Baselines.Count)
        {
            yield return new("baselines names one twice.", [nameof(Baselines)]);
        }
        if (Baselines.Count > 0 && Generator.KnowsTexts)
        {
            yield return new("baselines search for other texts, and a generator of known texts has no others. Leave them out.", [nameof(Baselines)]);
        }
        if (Baselines.Any(baseline => baseline != MapBaseline.Random) && Operators.OfType<CrossoverOperatorOptions>().Any())
        {
            yield return new("the operator crossover shows texts of several cells, which a baseline without a map does not have. Leave out seed-rewrite and quality-only, or the operator.", [nameof(Baselines)]);
        }
        foreach (var result in CheckTemplates().Concat(CheckPlanted()).Concat(CheckContrast()))
        {
            yield return result;
        }
    }

    /// <summary>Gets the taste that is planted; null where the recipe names none.</summary>
    /// <exception cref="Models.Runtime.InputException">It cannot be read.</exception>
    internal PlantedTaste? TasteOf(long seed) => Planted?.TasteOf(seed);

    /// <summary>Gets the disagreement that is searched for; null where the first reward is one that reads texts.</summary>
    internal ContrastRewardOptions? Contrast => Rewards.FirstOrDefault() as ContrastRewardOptions;

    /// <summary>Gets the rewards that read texts.</summary>
    internal IEnumerable<TextRewardOptions> TextRewards => Rewards.OfType<TextRewardOptions>();

    /// <summary>Finds a reward by its name.</summary>
    internal int PlaceOf(string reward) => Rewards.Index().First(one => one.Item.Name == reward).Index;

    private IEnumerable<ValidationResult> CheckContrast()
    {
        if (Rewards.Skip(1).OfType<ContrastRewardOptions>().Any())
        {
            yield return new("a contrast decides what is kept, so it stands first, and there is one at most.", [nameof(Rewards)]);
        }
        if (Contrast is not { } contrast)
        {
            yield break;
        }
        List<string> known = [.. TextRewards.Select(reward => reward.Name)];
        foreach (var name in new[] { contrast.First, contrast.Second }.Except(known))
        {
            yield return new($"the contrast is of '{name}', and no other reward is called so. {Models.Runtime.NearestName.Hint(name, known)}", [nameof(Rewards)]);
        }
        if (contrast.First == contrast.Second)
        {
            yield return new($"the contrast is of '{contrast.First}' with itself.", [nameof(Rewards)]);
        }
        if (Generator.KnowsTexts)
        {
            yield return new("the texts are known beforehand and nothing is searched; leave the contrast out, for the report compares several rewards by itself.", [nameof(Rewards)]);
        }
        else if (contrast.CalibrationSteps >= StartSteps)
        {
            yield return new($"calibrationSteps is {contrast.CalibrationSteps}, and startSteps {StartSteps}: no text without a parent would be left for the map.", [nameof(Rewards)]);
        }
    }

    private IEnumerable<ValidationResult> CheckPlanted()
    {
        if (Planted is null)
        {
            if (Rewards.OfType<PlantedTasteRewardOptions>().Any())
            {
                yield return new("the reward of kind planted-taste scores by the taste that the section 'planted' names, and there is none.", [nameof(Rewards)]);
            }
            yield break;
        }
        foreach (var (name, labels) in new[] { (PlantedCheck.GenreAxis, PlantedTaste.BuiltIn.Genres.Keys), (PlantedCheck.ToneAxis, PlantedTaste.BuiltIn.Tones.Keys) })
        {
            if (!Axes.OfType<LabelAxisOptions>().Any(axis => axis.Name == name && axis.Labels.Order().SequenceEqual(labels.Order())))
            {
                yield return new($"a planted taste is about an axis '{name}' with the labels {string.Join(", ", labels)}.", [nameof(Planted)]);
            }
        }
        if (Axes.TakeWhile(axis => axis.Name != PlantedCheck.GenreAxis).Any(axis => axis.Name == PlantedCheck.ToneAxis))
        {
            yield return new($"a planted taste wants the axis '{PlantedCheck.GenreAxis}' before '{PlantedCheck.ToneAxis}'.", [nameof(Planted)]);
        }
    }

    // A name that nothing fills in would go to the generator as an empty place, unnoticed.
    private IEnumerable<ValidationResult> CheckTemplates()
    {
        var axes = Axes.OfType<LabelAxisOptions>().Select(axis => axis.Name).ToList();
        foreach (var (template, names, key) in Operators.SelectMany(one => one.Templates.Select(pair => (pair.Template, pair.Names, Key: nameof(Operators)))).Prepend((Start, [], nameof(Start))))
        {
            // The words of a direction are about one axis, and know its name as {axis}.
            List<string> known = names.Contains("axis") ? [.. names] : [.. names, .. axes, .. names.Contains("parent") ? axes.Select(axis => $"parent.{axis}") : []];
            if (PromptTemplate.Names(template).FirstOrDefault(name => !known.Contains(name)) is { } unknown)
            {
                yield return new($"a template names {{{unknown}}}, which nothing fills in. {Models.Runtime.NearestName.Hint(unknown, known)}", [key]);
            }
        }
    }
}
