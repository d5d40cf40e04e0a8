using System.CommandLine;
using System.Text.Json;
using RlhfSharp.Models.Runtime;
using TorchSharp;

namespace RlhfSharp.Cli;

/// <summary>What a command gets to work with: its arguments, where to write, and when to stop.</summary>
/// <param name="arguments">The parsed command line, without errors.</param>
/// <param name="cancellationToken">Cancelled by Ctrl-C or a request to terminate.</param>
internal sealed class CommandContext(ParseResult arguments, CancellationToken cancellationToken)
{
    /// <summary>Gets when to stop.</summary>
    public CancellationToken CancellationToken { get; } = cancellationToken;

    /// <summary>Gets where results go.</summary>
    public TextWriter Output { get; } = arguments.InvocationConfiguration.Output;

    /// <summary>Gets whether somebody may be reading the output while it is written.</summary>
    public bool WritesToTerminal => ReferenceEquals(Output, Console.Out) && !Console.IsOutputRedirected;

    /// <summary>Gets where progress and warnings go.</summary>
    public TextWriter Error { get; } = arguments.InvocationConfiguration.Error;

    /// <summary>Gets whether <see cref="WriteJson"/> must end the output.</summary>
    public bool Json => Value(CommonOptions.Json);

    /// <summary>Gets whether to show more than usual.</summary>
    public bool Verbose => Value(CommonOptions.Verbose);

    /// <summary>Gets the value of an option, given or default.</summary>
    /// <typeparam name="T">Its type.</typeparam>
    /// <param name="option">An option of this command, or of all.</param>
    public T? Value<T>(Option<T> option) => arguments.GetValue(option);

    /// <summary>Gets the value of an argument, given or default.</summary>
    /// <typeparam name="T">Its type.</typeparam>
    /// <param name="argument">An argument of this command.</param>
    public T? Value<T>(Argument<T> argument) => arguments.GetValue(argument);

    /// <summary>Selects the device that <c>--device</c> names, once libtorch is known to be there.</summary>
    /// <exception cref="InputException">libtorch cannot be loaded, or this machine has no such device.</exception>
    public torch.Device SelectDevice()
    {
        LibTorch.ThrowIfNotLoaded();
        return DeviceSelector.Select(Value(CommonOptions.Device)!);
    }

    /// <summary>Writes one JSON object on one line.</summary>
    /// <param name="value">An object; not indented.</param>
    public void WriteJson(object value) => Output.WriteLine(JsonSerializer.Serialize(value));
}
