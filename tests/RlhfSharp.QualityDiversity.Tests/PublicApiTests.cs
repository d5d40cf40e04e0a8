namespace RlhfSharp.QualityDiversity.Tests;

public sealed class PublicApiTests
{
    [Fact]
    public void PublicApi_Always_IsTheApprovedOne() => PublicApi.AssertApproved("RlhfSharp.QualityDiversity");

    [Fact]
    public void References_Always_AreOfTheFrameworkOnly() =>
        Assert.All(typeof(RlhfSharp.QualityDiversity.Archives.AddStatus).Assembly.GetReferencedAssemblies(), name => Assert.StartsWith("System.", name.Name, StringComparison.Ordinal));
}
