using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using static TorchSharp.torch;

namespace RlhfSharp.Models.Checkpoints;

/// <summary>The hash of everything a result is computed from: what has the same one need not be computed again.</summary>
/// <remarks>Each part is hashed behind its length, so that no two lists of parts look alike.</remarks>
public sealed class ContentHash : IDisposable
{
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);

    /// <summary>Adds a text.</summary>
    /// <param name="text">The text.</param>
    /// <returns>This hash.</returns>
    public ContentHash Add(string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        Add(bytes.Length);
        _hash.AppendData(bytes);
        return this;
    }

    /// <summary>Adds a number.</summary>
    /// <param name="number">The number.</param>
    /// <returns>This hash.</returns>
    public ContentHash Add(long number)
    {
        Span<byte> bytes = stackalloc byte[sizeof(long)];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, number);
        _hash.AppendData(bytes);
        return this;
    }

    /// <summary>Adds tokens.</summary>
    /// <param name="tokens">The tokens.</param>
    /// <returns>This hash.</returns>
    public ContentHash Add(IReadOnlyList<int> tokens)
    {
        ArgumentNullException.ThrowIfNull(tokens);
        Add(tokens.Count);
        foreach (var token in tokens)
        {
            Add(token);
        }
        return this;
    }

    /// <summary>Adds a model as it is: its configuration, its parameters and those of its adapter, their type and where they are computed with. Heads are left out; they change no token's
    /// probability.</summary>
    /// <param name="model">The model.</param>
    /// <returns>This hash.</returns>
    public ContentHash Add(TransformerModel model)
    {
        ArgumentNullException.ThrowIfNull(model);
        Add(model.Config.File.Json.ToJsonString()).Add(model.Device.type.ToString());
        Add(model.Parameters.Tensors);
        if (model.Adapter is { } adapter)
        {
            // What else the options say stands in the names and shapes of the parameters, or counts in training only.
            Add(FormattableString.Invariant($"{adapter.Options.Rank} {adapter.Options.Alpha} {adapter.Options.RankStabilized}")).Add(adapter.IsEnabled ? 1 : 0);
            Add(adapter.Parameters.Tensors);
        }
        return this;
    }

    /// <summary>Finishes the hash; nothing can be added then.</summary>
    /// <returns>32 hexadecimal digits.</returns>
    public string Finish() => Convert.ToHexStringLower(_hash.GetHashAndReset().AsSpan(0, 16));

    /// <inheritdoc/>
    public void Dispose() => _hash.Dispose();

    private void Add(IEnumerable<KeyValuePair<string, Tensor>> parameters)
    {
        foreach (var (name, tensor) in parameters)
        {
            using var scope = NewDisposeScope();
            using var noGrad = no_grad();
            Add(name).Add(tensor.dtype.ToString()).Add(tensor.numel());
            foreach (var slice in TensorSlices.Of(tensor.detach().cpu().contiguous()))
            {
                _hash.AppendData(slice.bytes);
            }
        }
    }
}
