using System.IO.Compression;
using System.Text.Json;
using RlhfSharp.Experiments.Baselines;
using RlhfSharp.Training.Data;

namespace RlhfSharp.Experiments.Tests.Baselines;

/// <summary>The two baselines on people's real preferences, five folds by prompt. The texts are offensive: no test shows them.</summary>
public sealed class HelpfulHarmlessBaselineTests
{
    private const string Answer = "\n\nAssistant:";

    [Fact]
    public void Evaluate_HelpfulHarmlessTestSet_IsAsGoodAsTheReference()
    {
        var rows = Read(TestFiles.SharedData("hh-rlhf", "test.jsonl.gz"));
        var folds = Folds.Assign([.. rows.Select(row => row.Prompt)], 5, seed: 0);
        var shorter = new List<double>();
        var bagOfWords = new List<double>();
        for (var fold = 0; fold < 5; fold++)
        {
            var train = rows.Where((_, i) => folds[i] != fold).Select(row => row.Pair).ToList();
            var test = rows.Where((_, i) => folds[i] == fold).Select(row => row.Pair).ToList();
            shorter.AddRange(ShorterAnswerWins.Evaluate(test));
            bagOfWords.AddRange(BagOfWordsPreference.Evaluate(train, test, seed: 0));
        }

        // One standard error over 2,312 pairs is 0.010.
        Assert.Equal(2312, rows.Count);
        Assert.InRange(shorter.Average(), 0.55, 0.57);
        Assert.InRange(bagOfWords.Average(), 0.59, 0.63);
    }

    private static List<(string Prompt, AnswerPair Pair)> Read(string path)
    {
        using var reader = new StreamReader(new GZipStream(File.OpenRead(path), CompressionMode.Decompress));
        var rows = new List<(string, AnswerPair)>();
        while (reader.ReadLine() is { } line)
        {
            using var json = JsonDocument.Parse(line);
            var (prompt, chosen) = Cut(json.RootElement.GetProperty("chosen").GetString()!);
            rows.Add((prompt, new AnswerPair(chosen, Cut(json.RootElement.GetProperty("rejected").GetString()!).Answer)));
        }
        return rows;
    }

    private static (string Prompt, string Answer) Cut(string dialogue)
    {
        var end = dialogue.LastIndexOf(Answer, StringComparison.Ordinal);
        return (dialogue[..end], dialogue[(end + Answer.Length)..].Trim());
    }
}
