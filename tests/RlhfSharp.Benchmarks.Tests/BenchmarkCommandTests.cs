using System.Text.Json;

namespace RlhfSharp.Benchmarks.Tests;

[NoTensorLeak]
public class BenchmarkCommandTests
{
    private static readonly string[] Documented =
    [
        "ilql-step-full", "ilql-step-ragged", "ilql-step-gpt2",
        "generate-1", "generate-16", "generate-64", "generate-gpt2-1", "generate-gpt2-16", "generate-gpt2-64",
        "ilql-generate-1", "ilql-generate-16", "ilql-generate-64", "gemm", "ilql-ragged-vs-plain", "generate-shared-vs-plain", "ilql-memory-vs-plain",
        "archive-add-1", "archive-add-32", "archive-add-1000", "archive-add-10000", "archive-categorical-10k", "archive-cvt-100k", "archive-grid-1m", "heatmap-png",
        "checkpointing-memory", "checkpointing-step",
    ];

    [Fact]
    public void Run_UnknownWorkload_IsWrongUsageAndNamesAllWorkloads()
    {
        var (exitCode, output, error) = Run("gemm", "generate-46");

        Assert.Equal(2, exitCode);
        Assert.Empty(output);
        Assert.Contains("There is no workload 'generate-46'. Did you mean 'generate-16'?", error, StringComparison.Ordinal);
        Assert.All(Documented, name => Assert.Contains(name, error, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData]
    [InlineData("gemm", "--repeats", "0")]
    [InlineData("gemm", "--fast")]
    public void Run_NoWorkloadOrBadOption_IsWrongUsage(params string[] args)
    {
        var (exitCode, _, error) = Run(args);

        Assert.Equal(2, exitCode);
        Assert.StartsWith("error: ", error, StringComparison.Ordinal);
    }

    [Fact]
    public void Run_GemmWithJson_EndsWithOneObject()
    {
        var (exitCode, output, _) = Run("gemm", "--json", "--repeats", "1", "--threads", "1");

        Assert.Equal(0, exitCode);
        using var json = JsonDocument.Parse(output.TrimEnd().Split('\n')[^1]);
        var gemm = json.RootElement.GetProperty("workloads").GetProperty("gemm");
        Assert.True(gemm.GetProperty("gflops").GetDouble() > 0);
        Assert.Equal(JsonValueKind.Null, gemm.GetProperty("tokens_per_second").ValueKind);
    }

    private static (int ExitCode, string Output, string Error) Run(params string[] args)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        return (BenchmarkCommand.Run(args, output, error), output.ToString(), error.ToString());
    }
}
