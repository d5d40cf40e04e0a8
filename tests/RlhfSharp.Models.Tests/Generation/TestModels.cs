using RlhfSharp.Models.Runtime;

namespace RlhfSharp.Models.Tests.Generation;

/// <summary>Models with random weights, biases and gains included, and prompts for them.</summary>
internal static class TestModels
{
    public const int Vocabulary = 128;

    public static TheoryData<string> Names => ["gpt2", "gpt_neox", "llama", "llama3_rope", "mistral_swa6", "qwen2"];

    public static LanguageModel Load(string name) => ModelFixture.Named(name).LoadModel();

    /// <summary>Draws prompts of 1 to <paramref name="longest"/> tokens.</summary>
    public static List<int[]> Prompts(int count, int longest, long seed = 0)
    {
        var random = new NamedRandom(seed, "prompts");
        return [.. Enumerable.Range(0, count)
            .Select(_ => Enumerable.Range(0, 1 + random.Next(longest)).Select(_ => random.Next(Vocabulary)).ToArray())];
    }

    /// <summary>Draws one prompt.</summary>
    public static int[] Prompt(int length, long index)
    {
        var random = new NamedRandom(0, "prompt", index);
        return [.. Enumerable.Range(0, length).Select(_ => random.Next(Vocabulary))];
    }
}
