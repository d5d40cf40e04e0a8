using System.Text.Json;
using RlhfSharp.Training.Data;

namespace RlhfSharp.Training.Tests.Objectives;

/// <summary>Reads trlX's fixtures: samples as lists of [is output, tokens], rewards per sample.</summary>
internal static class GoldenSamples
{
    public static JsonElement Open(params string[] parts) =>
        JsonDocument.Parse(File.ReadAllText(Path.Combine([TestFiles.Fixtures, .. parts]))).RootElement;

    /// <summary>Turns a fixture's samples into dialogues; each reward is placed on the last answer token.</summary>
    public static List<TokenizedDialogue> Dialogues(JsonElement samples, IReadOnlyList<double> rewards) =>
        [.. samples.EnumerateArray().Select((sample, row) => Dialogue(sample, rewards[row], row))];

    public static double[] Doubles(JsonElement array) => [.. array.EnumerateArray().Select(value => value.GetDouble())];

    public static int[] Integers(JsonElement array) => [.. array.EnumerateArray().Select(value => value.GetInt32())];

    private static TokenizedDialogue Dialogue(JsonElement sample, double reward, int row)
    {
        var (tokens, isAnswer) = (new List<int>(), new List<bool>());
        foreach (var phrase in sample.EnumerateArray())
        {
            var ids = Integers(phrase[1]);
            tokens.AddRange(ids);
            isAnswer.AddRange(Enumerable.Repeat(phrase[0].GetInt32() == 1, ids.Length));
        }
        var last = isAnswer.LastIndexOf(true);
        var rewards = new double[tokens.Count];
        rewards[last] = reward;
        return new TokenizedDialogue
        {
            Id = $"{row}",
            Group = $"{row}",
            Source = new RowSource("fixture", row + 1),
            Tokens = [.. tokens],
            IsAnswer = [.. isAnswer],
            Rewards = rewards,
            RewardedTokens = [last],
        };
    }
}
