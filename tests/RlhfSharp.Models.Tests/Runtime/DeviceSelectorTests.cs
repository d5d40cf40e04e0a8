using RlhfSharp.Models.Runtime;
using TorchSharp;

namespace RlhfSharp.Models.Tests.Runtime;

public sealed class DeviceSelectorTests
{
    [Theory]
    [InlineData("cpu", 2, DeviceType.CPU, -1)]
    [InlineData("auto", 0, DeviceType.CPU, -1)]
    [InlineData("auto", 2, DeviceType.CUDA, 0)]
    [InlineData("cuda", 1, DeviceType.CUDA, 0)]
    [InlineData("cuda:0", 1, DeviceType.CUDA, 0)]
    [InlineData("cuda:1", 2, DeviceType.CUDA, 1)]
    public void Resolve_DeviceIsThere_SelectsIt(string name, int cudaDevices, DeviceType type, int index) =>
        Assert.Equal((type, index), DeviceSelector.Resolve(name, () => cudaDevices));

    [Theory]
    [InlineData("cuda", 0, "cpu.")]
    [InlineData("cuda:2", 2, "cpu, cuda:0, cuda:1.")]
    public void Resolve_DeviceIsNotThere_ListsTheDevices(string name, int cudaDevices, string devices)
    {
        var exception = Assert.Throws<InputException>(() => DeviceSelector.Resolve(name, () => cudaDevices));
        Assert.Equal($"The device '{name}' is not available. This machine has, with the libtorch in use: {devices}", exception.Message);
    }

    [Theory]
    [InlineData("gpu")]
    [InlineData("")]
    [InlineData("CPU")]
    [InlineData("cpu:0")]
    [InlineData("cuda:")]
    [InlineData("cuda:-1")]
    [InlineData("cuda: 1")]
    [InlineData("cuda:99999999999")]
    [InlineData("auto:0")]
    public void Resolve_NotAName_NamesWhatIsAllowed(string name)
    {
        Assert.False(DeviceSelector.IsName(name));
        var exception = Assert.Throws<InputException>(() => DeviceSelector.Resolve(name, () => 8));
        Assert.Equal($"'{name}' is not a device. Allowed: auto, cpu, cuda, cuda:N with N from 0.", exception.Message);
    }

    [Fact]
    public void Resolve_Cpu_DoesNotTouchCuda() =>
        Assert.Equal(DeviceType.CPU, DeviceSelector.Resolve("cpu", () => throw new InvalidOperationException()).Type);

    [Fact]
    public void Select_EveryAvailableName_IsADevice()
    {
        Assert.Equal("cpu", DeviceSelector.Available()[0]);
        Assert.Equal(DeviceSelector.Available(), DeviceSelector.Available().Select(name => DeviceSelector.Select(name).ToString()));
    }
}
