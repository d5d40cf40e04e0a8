using RlhfSharp.Experiments.Runs;

namespace RlhfSharp.Experiments.Tests.Runs;

public sealed class MetricTextTests
{
    [Theory]
    [InlineData("optimality@beta=0", "Optimality, not steered")]
    [InlineData("optimality@beta=100", "Optimality, steered with β = 100")]
    [InlineData("lengths@beta=1", "Length of walks (100: goal not reached), steered with β = 1")]
    [InlineData("accuracy/q", "Accuracy of Q")]
    [InlineData("eval/other", "eval/other")]
    public void Title_OfAMetric_IsForPeopleWhereItIsKnown(string name, string expected) => Assert.Equal(expected, MetricText.Title(name));
}
