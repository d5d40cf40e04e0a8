namespace RlhfSharp.Models.Architectures;

/// <summary>The distributions from which parameters of a new model are drawn.</summary>
public enum InitializationKind
{
    /// <summary>One value everywhere.</summary>
    Constant,

    /// <summary>Normal around 0.</summary>
    Normal,

    /// <summary>Uniform around 0.</summary>
    Uniform,
}
