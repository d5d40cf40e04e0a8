using System.ComponentModel.DataAnnotations;
using RlhfSharp.QualityDiversity.Archives;
using RlhfSharp.Training;

namespace RlhfSharp.Experiments.RewardMaps;

/// <summary>Shows the model three texts and lets it write a fourth: language model crossover (Meyerson et al. 2023, https://arxiv.org/abs/2302.12170);
/// <c>kind: crossover</c>.</summary>
[RecipeKind("crossover")]
public sealed record CrossoverOperatorOptions : MapOperatorOptions
{
    private const int Shown = 3;

    /// <summary>Gets where the three come from.</summary>
    /// <value>The default is near.</value>
    public CrossoverChoice Choice { get; init; }

    /// <summary>Gets what stands before each text, and at the end before the one to be written; may name the axes.</summary>
    /// <value>The default is empty.</value>
    public string Header { get; init; } = string.Empty;

    /// <summary>Gets what stands between two texts; a generator should stop there.</summary>
    /// <value>The default is a line with three number signs.</value>
    [Required]
    public string Separator { get; init; } = "\n###\n";

    internal override IEnumerable<(string Template, string[] Names)> Templates => [(Header, [])];

    internal override MapPlan? Plan(MapSituation situation)
    {
        if (situation.State.Archive.Count < Shown)
        {
            return null;
        }
        var chosen = situation.DrawParent();
        var shown = Choice == CrossoverChoice.Replace && chosen.Solution.Parents.Count == Shown ? Replace(situation, chosen.Solution) : Near(situation, chosen);
        var labels = situation.State.LabelsOf(chosen.Solution);
        var items = shown.Select(solution => situation.Render(Header, situation.State.LabelsOf(solution)) + solution.Text + Separator);
        var prompt = string.Concat(items) + situation.Render(Header, labels).TrimEnd();
        return new MapPlan(situation.Id, "crossover", [.. shown.Select(solution => solution.Id)], labels, prompt);
    }

    // Three different elites, the probability of each 1 / (1 + d³) with its distance d from the chosen one, in bins.
    private static List<MapSolution> Near(MapSituation situation, Elite<MapSolution> chosen)
    {
        var archive = situation.State.Archive;
        var centre = archive.BinsOf(chosen.Cell);
        var rest = archive.Select(elite => (elite.Solution, Weight: 1 / (1 + Math.Pow(Distance(archive.BinsOf(elite.Cell), centre), 3)))).ToList();
        var shown = new List<MapSolution>();
        while (shown.Count < Shown)
        {
            var index = Weighted.Draw([.. rest.Select(one => one.Weight)], situation.Random);
            shown.Add(rest[index].Solution);
            rest.RemoveAt(index);
        }
        return shown;
    }

    // The chosen text's own examples with one of them replaced, in a new list: the parent keeps its own.
    private static List<MapSolution> Replace(MapSituation situation, MapSolution chosen)
    {
        List<MapSolution> shown = [.. chosen.Parents.Select(situation.State.Find)];
        var elites = situation.State.Archive.Select(elite => elite.Solution).Where(elite => !chosen.Parents.Contains(elite.Id)).ToList();
        if (elites.Count > 0)
        {
            shown[situation.Random.Next(Shown)] = elites[situation.Random.Next(elites.Count)];
        }
        return shown;
    }

    private static double Distance(int[] a, int[] b) => Math.Sqrt(a.Zip(b, (x, y) => (double)(x - y) * (x - y)).Sum());
}
