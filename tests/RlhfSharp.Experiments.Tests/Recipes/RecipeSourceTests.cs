using RlhfSharp.Experiments.Recipes;

namespace RlhfSharp.Experiments.Tests.Recipes;

public sealed class RecipeSourceTests
{
    [Fact]
    public void RandomWalks_InTheProgram_IsTheFileOfTheRepository()
    {
        var file = RecipeSource.Read(Path.Combine(TestFiles.RepositoryRoot, RecipeSource.RandomWalks.Name));
        Assert.Equal(file.Text, RecipeSource.RandomWalks.Text);
    }
}
