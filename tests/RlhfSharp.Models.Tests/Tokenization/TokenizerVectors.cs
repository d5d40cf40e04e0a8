using RlhfSharp.Models.Tokenization;

namespace RlhfSharp.Models.Tests.Tokenization;

/// <summary>The vocabulary tests of ggml: texts separated by a line, and one line of ids per text.</summary>
internal static class TokenizerVectors
{
    public static void AssertIds(string name, Tokenizer tokenizer)
    {
        var texts = File.ReadAllText(TestFiles.SharedData("tokenizer-vectors", $"{name}.inp")).Split("\n__ggml_vocab_test__\n");
        var lines = File.ReadAllLines(TestFiles.SharedData("tokenizer-vectors", $"{name}.out"));
        Assert.True(lines.Length >= 40);
        foreach (var (text, line) in texts.Zip(lines))
        {
            Assert.Equal(line.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(int.Parse), tokenizer.Encode(text));
        }
    }
}
