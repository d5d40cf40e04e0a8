using RlhfSharp.Models.Generation;
using RlhfSharp.Models.Runtime;

namespace RlhfSharp.Models.Tests.Generation;

[NoTensorLeak]
public sealed class GenerationOptionsTests
{
    public static TheoryData<GenerationOptions, string> Wrong => new()
    {
        { new GenerationOptions { MaxNewTokens = 0 }, nameof(GenerationOptions.MaxNewTokens) },
        { new GenerationOptions { BatchSize = 0 }, nameof(GenerationOptions.BatchSize) },
        { new GenerationOptions { TokenBudget = 0 }, nameof(GenerationOptions.TokenBudget) },
        { new GenerationOptions { Temperature = -1 }, nameof(GenerationOptions.Temperature) },
        { new GenerationOptions { TopP = 0 }, nameof(GenerationOptions.TopP) },
    };

    [Theory]
    [MemberData(nameof(Wrong))]
    public void Generate_OptionOutOfItsRange_NamesIt(GenerationOptions options, string expected)
    {
        using var model = TestModels.Load("gpt2");

        Assert.Contains(expected, Assert.Throws<InputException>(() => new TextGenerator(model, []).Generate([[1]], 1, options, seed: 0)).Message, StringComparison.Ordinal);
    }
}
