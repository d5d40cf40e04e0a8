using System.Reflection;
using TorchSharp;
using Xunit.v3;

namespace RlhfSharp.Tests;

/// <summary>Fails a test that leaves tensors behind. Goes on every class whose tests make tensors.</summary>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Method)]
public sealed class NoTensorLeakAttribute : BeforeAfterTestAttribute
{
    private long _before;

    public override void Before(MethodInfo methodUnderTest, IXunitTest test) => _before = torch.Tensor.TotalCount;

    // At most as many, not exactly: a finalizer may free an older tensor meanwhile.
    public override void After(MethodInfo methodUnderTest, IXunitTest test) =>
        Assert.True(torch.Tensor.TotalCount <= _before, $"{test.TestDisplayName} left {torch.Tensor.TotalCount - _before} tensors alive.");
}
