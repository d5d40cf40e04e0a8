using RlhfSharp.Models.Runtime;

namespace RlhfSharp.Models.Tokenization;

/// <summary>The chat formats that recipes can name.</summary>
public static class ChatFormats
{
    private static readonly IChatFormat[] All = [new HumanAssistantFormat(), new PlainFormat()];

    /// <summary>Gets the names of all formats.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. All.Select(format => format.Name)];

    /// <summary>Finds a format.</summary>
    /// <param name="name">One of <see cref="Names"/>.</param>
    /// <returns>The format.</returns>
    /// <exception cref="InputException">There is no such format.</exception>
    public static IChatFormat Get(string name) => Array.Find(All, format => format.Name == name)
        ?? throw new InputException($"There is no chat format '{name}'. {NearestName.Hint(name, Names)}");
}
