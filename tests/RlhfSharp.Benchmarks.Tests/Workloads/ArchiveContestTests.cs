using RlhfSharp.Benchmarks.Workloads;

namespace RlhfSharp.Benchmarks.Tests.Workloads;

public class ArchiveContestTests
{
    public static TheoryData<string> Names => ["grid", "single", "categorical", "cvt"];

    [Theory]
    [MemberData(nameof(Names))]
    public void Verify_Archive_HoldsWhatTheDictionaryHolds(string name)
    {
        using var contest = name switch
        {
            "grid" => ArchiveContests.Grid(5000, batch: 300),
            "single" => ArchiveContests.Grid(500, batch: 1),
            "categorical" => ArchiveContests.Categorical(500),
            _ => ArchiveContests.Cvt(3000, batch: 100, cells: 60),
        };

        contest.Verify();
    }
}
