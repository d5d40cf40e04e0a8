using System.Globalization;
using TorchSharp;

namespace RlhfSharp.Models.Runtime;

/// <summary>Turns the name of a device into the device, and says clearly when this machine has no such device.</summary>
/// <remarks>Names are <c>auto</c> (the first CUDA device if there is one, else the processor), <c>cpu</c>, <c>cuda</c> (the first CUDA
/// device) and <c>cuda:N</c>, with N from 0.</remarks>
public static class DeviceSelector
{
    /// <summary>The name that leaves the choice to the machine.</summary>
    public const string Auto = "auto";

    private const string Cpu = "cpu";
    private const string Cuda = "cuda";

    /// <summary>Selects a device by name.</summary>
    /// <param name="name">One of the names above.</param>
    /// <returns>The device; of type CUDA always with its index.</returns>
    /// <exception cref="InputException">The name is none of those above, or this machine or this libtorch has no such device.</exception>
    public static torch.Device Select(string name)
    {
        var (type, index) = Resolve(name, CudaDeviceCount);
        return type == DeviceType.CPU ? torch.CPU : torch.device(DeviceType.CUDA, index);
    }

    /// <summary>Lists the devices of this machine that libtorch can use.</summary>
    /// <returns>Names for <see cref="Select"/>, <c>cpu</c> first.</returns>
    public static IReadOnlyList<string> Available() => Names(CudaDeviceCount());

    /// <summary>Says whether a text names a device, present or not.</summary>
    /// <param name="name">The text.</param>
    /// <returns>True for the names above.</returns>
    public static bool IsName(string name) => name is Auto or Cpu || CudaIndex(name) is not null;

    /// <summary>Words the error about a text for which <see cref="IsName"/> is false.</summary>
    /// <param name="name">The text.</param>
    /// <returns>A sentence that names what is allowed.</returns>
    public static string UnknownName(string name) => $"'{name}' is not a device. Allowed: auto, cpu, cuda, cuda:N with N from 0.";

    /// <summary>Selects among a given number of CUDA devices, which are counted only if the name makes that necessary.</summary>
    internal static (DeviceType Type, int Index) Resolve(string name, Func<int> countCudaDevices)
    {
        if (!IsName(name))
        {
            throw new InputException(UnknownName(name));
        }
        if (name == Cpu)
        {
            return (DeviceType.CPU, -1);
        }
        var count = countCudaDevices();
        if (name == Auto)
        {
            return count > 0 ? (DeviceType.CUDA, 0) : (DeviceType.CPU, -1);
        }
        var index = CudaIndex(name)!.Value;
        if (index >= count)
        {
            throw new InputException(
                $"The device '{name}' is not available. This machine has, with the libtorch in use: {string.Join(", ", Names(count))}.");
        }
        return (DeviceType.CUDA, index);
    }

    private static List<string> Names(int cudaDevices) => [Cpu, .. Enumerable.Range(0, cudaDevices).Select(index => $"{Cuda}:{index}")];

    private static int? CudaIndex(string name)
    {
        if (name == Cuda)
        {
            return 0;
        }
        return name.StartsWith($"{Cuda}:", StringComparison.Ordinal)
            && int.TryParse(name.AsSpan(Cuda.Length + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var index)
            ? index
            : null;
    }

    private static int CudaDeviceCount() => torch.cuda.is_available() ? torch.cuda.device_count() : 0;
}
