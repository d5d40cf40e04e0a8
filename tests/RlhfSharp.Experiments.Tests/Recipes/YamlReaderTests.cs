using CsCheck;
using RlhfSharp.Experiments.Recipes;

namespace RlhfSharp.Experiments.Tests.Recipes;

public sealed class YamlReaderTests
{
    private static readonly Gen<string> Noise = Gen.OneOf(
        Gen.Char["ab1 \n\n\t-:?[]{}&*!|>#'\"%@`,.<~\\\r"].Array[0, 60].Select(letters => new string(letters)),
        Gen.OneOf("a: ", "- ", "\n  ", "\n", "[", "]", "{", "}", "&a ", "*a", "? ", ": ", "'", "\"",
                "---\n", "...\n", "%YAML 1.1\n", "!!int ", "|\n", ">-\n", "\\x", "b")
            .Array[0, 30].Select(string.Concat));

    [Fact]
    public void Parse_AnyText_IsReadOrRefusedWithItsPlace() => Noise.Sample(text =>
    {
        try
        {
            RecipeReader.Parse<SampleRecipe>(text, "r.yaml", [$"name={text}"]);
        }
        catch (RecipeException exception)
        {
            Assert.All(exception.Errors, error => Assert.Matches(@"\A(r\.yaml:[1-9][0-9]*|--set name=[\s\S]*): [\s\S]+\z", error));
        }
    }, iter: 4000, threads: 1);
}
