using System.Globalization;

namespace RlhfSharp.Cli;

/// <summary>What a member process is to do next, one line of its input.</summary>
/// <param name="Index">Which of the experiment's runs or stages, from 0.</param>
/// <param name="StopAfter">The step after which it pauses; null runs it to its end.</param>
internal sealed record MemberOrder(int Index, int? StopAfter)
{
    /// <summary>Reads an order.</summary>
    /// <param name="line">A line that <see cref="ToLine"/> wrote.</param>
    public static MemberOrder Parse(string line)
    {
        var numbers = line.Split(' ').Select(word => int.Parse(word, CultureInfo.InvariantCulture)).ToList();
        return new MemberOrder(numbers[0], numbers.Count > 1 ? numbers[1] : null);
    }

    /// <summary>Writes it on one line.</summary>
    public string ToLine() => string.Create(CultureInfo.InvariantCulture, $"{Index}{(StopAfter is null ? string.Empty : " ")}{StopAfter}");
}
