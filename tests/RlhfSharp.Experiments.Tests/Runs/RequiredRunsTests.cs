using RlhfSharp.Experiments.Recipes;
using RlhfSharp.Experiments.Runs;
using RlhfSharp.Models.Runtime;

namespace RlhfSharp.Experiments.Tests.Runs;

public sealed class RequiredRunsTests
{
    [Fact]
    public void Missing_ChainOfRecipes_TheInnermostComesFirst()
    {
        using var folder = TestFiles.NewFolder();
        Write(folder, "c", "[]");
        Write(folder, "b", "[c.yaml]");
        Write(folder, "a", "[b.yaml, c.yaml]");

        var missing = RequiredRuns.Missing(RecipeSource.Read(folder.File("a.yaml")), []);

        Assert.Equal([folder.File("c.yaml"), folder.File("b.yaml")], missing.Select(one => one.Recipe.Name));
        Assert.Equal([Path.Combine("runs", "c"), Path.Combine("runs", "b")], missing.Select(one => one.Directory));
        Assert.All(missing, one => Assert.False(one.IsBegun));
        Assert.Empty(RequiredRuns.Missing(RecipeSource.Read(folder.File("a.yaml")), ["requires=[]"]));
    }

    [Fact]
    public void Missing_RecipeRequiresItself_SaysByWhichWay()
    {
        using var folder = TestFiles.NewFolder();
        Write(folder, "a", "[b.yaml]");
        Write(folder, "b", "[a.yaml]");

        var exception = Assert.Throws<InputException>(() => RequiredRuns.Missing(RecipeSource.Read(folder.File("a.yaml")), []));

        Assert.Contains("'a.yaml' requires itself", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Missing_RecipeRequiresItselfByAnotherPath_SaysSo()
    {
        using var folder = TestFiles.NewFolder();
        Write(folder, "a", "[./a.yaml]");

        Assert.Contains("requires itself", Assert.Throws<InputException>(() => RequiredRuns.Missing(RecipeSource.Read(folder.File("a.yaml")), [])).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Missing_NoSuchRecipe_NamesTheFile()
    {
        using var folder = TestFiles.NewFolder();
        Write(folder, "a", "[gone.yaml]");

        Assert.Contains("gone.yaml", Assert.Throws<InputException>(() => RequiredRuns.Missing(RecipeSource.Read(folder.File("a.yaml")), [])).Message, StringComparison.Ordinal);
    }

    private static void Write(TemporaryFolder folder, string name, string requires) => File.WriteAllText(folder.File($"{name}.yaml"), $$"""
        name: {{name}}
        requires: {{requires}}
        model: { new: { model_type: gpt2, n_layer: 1, n_embd: 8, n_head: 2 } }
        data: { kind: random-walks }
        objective: { kind: sft }
        evaluation: { kind: random-walks }
        """);
}
