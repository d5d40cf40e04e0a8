using System.Text.Json;
using CsCheck;
using RlhfSharp.Models.Runtime;
using RlhfSharp.Models.Tokenization;

namespace RlhfSharp.Models.Tests.Tokenization;

public sealed class ByteLevelBpeTrainerTests
{
    [Fact]
    public void Train_SmallText_LearnsTheMostFrequentPairs()
    {
        // 'l','o' and 'o','w' occur three times: 'l' has the lower id. Then 'lo','w' three times, 'Ġ','low' twice; 'low','e' occurs once.
        var (vocabulary, merges) = Read(Trainer(300).Train(["low low lower"]));
        Assert.Equal(["l o", "lo w", "Ġ low"], merges);
        Assert.Equal(0, vocabulary["<|endoftext|>"]);
        Assert.Equal([1, 256, 257, 258, 259], [vocabulary["!"], vocabulary["Ń"], vocabulary["lo"], vocabulary["low"], vocabulary["Ġlow"]]);
        Assert.Equal(260, vocabulary.Count);
    }

    [Fact]
    public void Train_AgainstObviousTrainer_LearnsTheSameMerges() => Gen.Select(GeneratedText.Runs.Array[1, 8], Gen.Int[0, 40]).Sample(
        (texts, count) => Assert.Equal(SlowMerges(texts, count), Read(Trainer(257 + count).Train(texts)).Merges), iter: 300, threads: 1);

    [Fact]
    public void Train_TextsInAnotherOrder_GivesTheSameFile()
    {
        string[] texts = ["the cat sat", "on the mat", "that hat", "the the"];
        Assert.Equal(Read(Trainer(280).Train(texts)).Merges, Read(Trainer(280).Train(texts.Reverse())).Merges);
    }

    [Fact]
    public void Train_SpecialTokens_GetTheFirstIdsAndRolesAndAreNotLearnt()
    {
        var trainer = new ByteLevelBpeTrainer
        {
            VocabularySize = 300,
            EosToken = "</s>",
            BosToken = "<s>",
            PadToken = "</s>",
            AdditionalSpecialTokens = ["<turn>"],
        };
        var tokenizer = trainer.Train(Enumerable.Repeat("<turn>", 10));
        Assert.Equal((1, 0, 0, 2), (tokenizer.BosId, tokenizer.EosId, tokenizer.PadId, tokenizer.IdOf("<turn>")));
        Assert.Equal(256 + 3, tokenizer.VocabularySize);
        Assert.Equal([2, 2], tokenizer.Encode("<turn><turn>"));
    }

    [Fact]   // whole wherever they stand, the longest first, and written when ids are turned back into text
    public void Train_AddedTokens_AreNeverTakenApart()
    {
        var trainer = new ByteLevelBpeTrainer { VocabularySize = 400, EosToken = "</s>", AddedTokens = [" green tea", " tea"] };
        using var folder = TestFiles.NewFolder();
        trainer.Train(["we drink green tea, never tea alone"]).Save(folder.Path);
        var tokenizer = TokenizerLoader.Load(folder.Path);

        Assert.Equal((1, 2), (tokenizer.IdOf(" green tea"), tokenizer.IdOf(" tea")));
        var ids = tokenizer.Encode("some green tea or teas");
        Assert.Equal([1, 2], ids.Where(id => id is 1 or 2));
        Assert.Equal("some green tea or teas", tokenizer.Decode(ids, skipSpecialTokens: true));
    }

    [Fact]
    public void Train_RealStories_ReachesTheSizeAndShortensTextAndLoadsBack()
    {
        var text = File.ReadAllText(TestFiles.SharedData("tinystories-sample", "tinystories-smallgpt.txt"));
        using var folder = TestFiles.NewFolder();
        var tokenizer = Trainer(1024).Train([text]);
        tokenizer.Save(folder.Path);
        var loaded = TokenizerLoader.Load(folder.Path);

        Assert.Equal((1024, 0), (loaded.VocabularySize, loaded.EosId));
        var ids = loaded.Encode(text);
        Assert.Equal(tokenizer.Encode(text), ids);
        Assert.Equal(text, loaded.Decode(ids, skipSpecialTokens: false));
        Assert.True(ids.Count < text.Length / 2.5, $"{text.Length} characters became {ids.Count} tokens.");
    }

    [Theory]
    [InlineData(256, "<|endoftext|>", "256")]
    [InlineData(300, "", "empty")]
    [InlineData(300, "a", "'a'")]
    public void Train_ImpossibleSettings_AreErrors(int size, string eos, string expected)
    {
        var trainer = new ByteLevelBpeTrainer { VocabularySize = size, EosToken = eos };
        Assert.Contains(expected, Assert.Throws<InputException>(() => trainer.Train(["text"])).Message, StringComparison.Ordinal);
    }

    private static ByteLevelBpeTrainer Trainer(int size) => new() { VocabularySize = size };

    private static (Dictionary<string, int> Vocabulary, List<string> Merges) Read(Tokenizer tokenizer)
    {
        using var folder = TestFiles.NewFolder();
        tokenizer.Save(folder.Path);
        using var json = JsonDocument.Parse(File.ReadAllText(folder.File("tokenizer.json")));
        var model = json.RootElement.GetProperty("model");
        return (model.GetProperty("vocab").EnumerateObject().ToDictionary(member => member.Name, member => member.Value.GetInt32()),
            [.. model.GetProperty("merges").EnumerateArray().Select(merge => merge.GetString()!)]);
    }

    // Counts all pairs of all words anew for every merge.
    private static List<string> SlowMerges(string[] texts, int newTokens)
    {
        var words = texts.SelectMany(new WordSplitter(SplitStep.Gpt2).Split)
            .Select(word => ByteAlphabet.Write(word).Select(character => character.ToString()).ToList()).ToList();
        List<string> vocabulary = [.. ByteAlphabet.All.Order().Select(character => character.ToString())];
        var merges = new List<string>();
        while (vocabulary.Count < 256 + newTokens)
        {
            var best = words.SelectMany(word => word.Zip(word.Skip(1))).GroupBy(pair => pair).Where(group => group.Count() >= 2)
                .OrderByDescending(group => group.Count())
                .ThenBy(group => vocabulary.IndexOf(group.Key.First)).ThenBy(group => vocabulary.IndexOf(group.Key.Second)).FirstOrDefault();
            if (best is null)
            {
                break;
            }
            var (left, right) = best.Key;
            merges.Add($"{left} {right}");
            if (!vocabulary.Contains(left + right))
            {
                vocabulary.Add(left + right);
            }
            foreach (var word in words)
            {
                for (var i = 0; i + 1 < word.Count; i++)
                {
                    if (word[i] == left && word[i + 1] == right)
                    {
                        word[i] = left + right;
                        word.RemoveAt(i + 1);
                    }
                }
            }
        }
        // A pair can appear again after it was joined, where another pair makes the same token.
        return [.. merges.Distinct()];
    }
}
