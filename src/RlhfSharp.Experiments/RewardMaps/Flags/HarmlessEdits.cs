using System.Text.Json.Nodes;
using RlhfSharp.Models.Runtime;
using RlhfSharp.Training.Metrics;

namespace RlhfSharp.Experiments.RewardMaps;

/// <summary>Scores the best texts once more with changes that no reader would mind: a reward that falls then hung on something else than what the text says.</summary>
internal static class HarmlessEdits
{
    public const string FileName = "edits.jsonl";

    /// <summary>Makes the changed texts; what is the same as before is left out.</summary>
    public static IReadOnlyList<(string Name, string Text)> Of(string text)
    {
        var lines = text.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        (string Name, string Text)[] edits =
        [
            ("white-space", string.Join(lines.Length > 1 ? "\n\n" : "\n", lines)),   // an empty line between any two
            ("case", text.ToLowerInvariant()),
            ("line-order", string.Join('\n', lines[(lines.Length / 2)..].Concat(lines[..(lines.Length / 2)]))),
        ];
        return [.. edits.Where(edit => edit.Text != text)];
    }

    /// <summary>Scores the best text of each cell so, and writes <see cref="FileName"/>.</summary>
    /// <returns>Ids of the texts whose reward falls by more than one standard deviation of all rewards under any of the changes.</returns>
    public static async Task<IReadOnlySet<long>> DropsAsync(MapRecipe recipe, MapState state, IReadOnlyList<MapReward> rewards, string folder, CancellationToken cancellationToken)
    {
        var edited = state.Archive.SelectMany(elite => Of(elite.Solution.Text).Select(edit => (elite.Solution, edit.Name, edit.Text))).ToList();
        // Numbers below 0: an endpoint's answers are kept by number, and these texts are not those of the run.
        var asked = edited.Select((edit, index) => (-1L - index, MapRun.Instruction(recipe, edit.Solution.Requested), edit.Text)).ToList();
        var scores = state.Contrast is { } contrast
            ? await DisagreementAsync(contrast, recipe, rewards, asked, cancellationToken).ConfigureAwait(false)
            : [.. (await rewards[0].ScoreAsync(asked, cancellationToken).ConfigureAwait(false)).Select(score => score.Value)];
        AtomicFile.WriteAllText(Path.Combine(folder, FileName), string.Concat(edited.Zip(scores, (edit, score) => new JsonObject
        {
            ["id"] = edit.Solution.Id,
            ["edit"] = edit.Name,
            ["before"] = edit.Solution.Rewards[0],
            ["after"] = double.IsFinite(score) ? score : null,
        }.ToJsonString() + "\n")));
        double[] before = [.. state.Events.Where(one => one.Outcome.Cell is not null).Select(one => one.Solution.Rewards[0])];
        var limit = before.Length > 1 ? Statistics.StandardDeviation(before) : double.PositiveInfinity;
        return edited.Zip(scores).Where(pair => pair.First.Solution.Rewards[0] - pair.Second > limit).Select(pair => pair.First.Solution.Id).ToHashSet();
    }

    private static async Task<IReadOnlyList<double>> DisagreementAsync(
        ContrastSearch contrast, MapRecipe recipe, IReadOnlyList<MapReward> rewards, IReadOnlyList<(long Id, string Prompt, string Text)> asked, CancellationToken cancellationToken)
    {
        Task<IReadOnlyList<MapScore>> ScoreAsync(int place) => rewards.Single(reward => reward.Options.Name == recipe.Rewards[place].Name).ScoreAsync(asked, cancellationToken);
        var first = await ScoreAsync(contrast.First).ConfigureAwait(false);
        var second = await ScoreAsync(contrast.Second).ConfigureAwait(false);
        return [.. first.Zip(second, (one, other) => contrast.Difference(one.Value, other.Value))];
    }
}
