namespace RlhfSharp.Experiments.Tests;

public sealed class PublicApiTests
{
    [Fact]
    public void PublicApi_Always_IsTheApprovedOne() => PublicApi.AssertApproved("RlhfSharp.Experiments");
}
