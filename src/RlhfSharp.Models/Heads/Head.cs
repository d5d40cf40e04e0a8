using RlhfSharp.Models.Architectures;

namespace RlhfSharp.Models.Heads;

/// <summary>What is computed from a backbone's hidden states besides the next token. Its parameters lie beside the model, in a file of
/// their own.</summary>
public abstract class Head : IDisposable
{
    private protected Head(ParameterSet parameters) => Parameters = parameters;

    /// <summary>Gets the file in a checkpoint, for instance <c>ilql_heads.safetensors</c>.</summary>
    public abstract string FileName { get; }

    /// <summary>Gets the parameters, under the names the file gives them.</summary>
    public ParameterSet Parameters { get; }

    /// <summary>Gets the names of parameters that training must leave alone, because something else sets them.</summary>
    public virtual IEnumerable<string> FrozenNames => [];

    /// <inheritdoc/>
    public void Dispose()
    {
        Parameters.Dispose();
        GC.SuppressFinalize(this);
    }
}
