using System.Globalization;

namespace RlhfSharp.Tests;

/// <summary>What Linux says about processes.</summary>
internal static class ProcessTable
{
    /// <summary>Lists the processes that a process has started and that are still there.</summary>
    public static IReadOnlyList<int> ChildrenOf(int parent) =>
    [
        .. from directory in Directory.GetDirectories("/proc")
           let name = Path.GetFileName(directory)
           where name.All(char.IsAsciiDigit)
           let id = int.Parse(name, CultureInfo.InvariantCulture)
           where Fields(id) is [_, var parentOfIt, ..] && parentOfIt == parent.ToString(CultureInfo.InvariantCulture)
           select id,
    ];

    /// <summary>Tells whether a process is there and not only waits for its parent to take note of its end.</summary>
    public static bool IsRunning(int id) => Fields(id) is [not "Z", ..];

    // State, parent and more: what stands behind the program's name, which may hold anything; none where there is no such process.
    private static string[] Fields(int id)
    {
        try
        {
            var line = File.ReadAllText($"/proc/{id}/stat");
            return line[(line.LastIndexOf(')') + 2)..].Split(' ');
        }
        catch (IOException)
        {
            return [];
        }
    }
}
