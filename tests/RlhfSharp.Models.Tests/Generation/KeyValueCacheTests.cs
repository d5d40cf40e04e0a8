using RlhfSharp.Models.Generation;
using static TorchSharp.torch;

namespace RlhfSharp.Models.Tests.Generation;

/// <summary>Whatever rows share, and whichever rows are left, each row looks at its own prompt and its own tokens.</summary>
[NoTensorLeak]
public sealed class KeyValueCacheTests
{
    private const int NewTokens = 20;
    private static readonly int[] PromptLengths = [3, 18, 16];   // blocks have 16 tokens
    private static readonly int[] LatePromptLengths = [17, 2];

    // Per case: the prompt of each row, then which rows are kept before token 2 and before token 17, when some have begun their second block.
    // Before token 5 two more prompts come, the first with two rows where prompts are shared.
    public static TheoryData<string, int[], int[], int[]> Batches => new()
    {
        { "equal groups", [0, 0, 1, 1, 2, 2], [0, 1, 2, 3, 4, 5], [0, 1, 2, 3, 4, 5, 6, 7, 8] },
        { "groups that become unequal", [0, 0, 1, 1, 2, 2], [0, 2, 3, 5], [0, 1, 2, 5] },
        { "part of a prompt's samples", [0, 0, 0, 1, 2, 2], [1, 2, 3, 5], [0, 2, 3, 4, 6] },
        { "the longest prompt is left by its rows", [0, 0, 1, 1, 2, 2], [0, 1, 4], [2, 4] },
        { "the first prompt is left, the others equal again", [0, 1, 1, 1, 2, 2], [1, 3, 4, 5], [0, 1, 2, 3] },
        { "one row of each prompt is left", [0, 0, 1, 1, 2, 2], [1, 3, 5], [0, 2, 4, 5] },
        { "only newcomers are left", [0, 0, 1, 1, 2, 2], [1, 3, 5], [3, 4, 5] },
        { "nothing shared", [0, 1, 2], [0, 2], [1, 2, 3] },
    };

    [Theory]
    [MemberData(nameof(Batches))]
    public void Attend_AnyRowsLeft_EqualsAttentionOfEachRowAlone(string batch, int[] promptOfRow, int[] keptFirst, int[] keptThen)
    {
        foreach (var (model, scale) in new[] { ("gpt2", (double?)null), ("gpt2", 0.9), ("llama", null), ("llama", 0.9) })
        {
            var name = $"{batch}, {model}, scale {scale}";
            AssertEqualsRowsAlone(name, model, scale, ScalarType.Float32, 1e-5, promptOfRow, keptFirst, keptThen);
        }
    }

    // A number has 8 bits in BF16: products up to 4 are off by 2^-7, and so are weights and results near 1.
    [Theory]
    [MemberData(nameof(Batches))]
    public void Attend_Bfloat16_IsAsExactAsItsNumbers(string batch, int[] promptOfRow, int[] keptFirst, int[] keptThen) =>
        AssertEqualsRowsAlone(batch, "llama", null, ScalarType.BFloat16, 0.05, promptOfRow, keptFirst, keptThen);

    // F64 goes the way of devices, by products of tensors.
    [Theory]
    [MemberData(nameof(Batches))]
    public void Attend_ByProductsOfTensors_EqualsAttentionOfEachRowAlone(string batch, int[] promptOfRow, int[] keptFirst, int[] keptThen)
    {
        foreach (var model in new[] { "gpt2", "llama" })
        {
            AssertEqualsRowsAlone($"{batch}, {model}", model, 0.9, ScalarType.Float64, 1e-5, promptOfRow, keptFirst, keptThen);
        }
    }

    [Theory]
    [InlineData(null)]
    [InlineData(700)]
    [InlineData(1)]
    public void Attend_OneThreadOrFour_OneRowOrMany_SameBitsAndTheNewestTokensOfTheWindow(int? window)
    {
        const int Rows = 64;
        const int PromptLength = 1000;
        using var scope = NewDisposeScope();
        using var generator = new Generator(11);
        using var model = TestModels.Load("llama");
        var (heads, size) = (model.Config.KeyValueHeadCount, model.Config.HeadSize);
        Tensor Random(long tokens, long count) => randn([tokens, count, size], generator: generator);
        var (promptKeys, promptValues) = (Random(PromptLength, heads), Random(PromptLength, heads));
        var (query, key, value) = (Random(Rows, 4), Random(Rows, heads), Random(Rows, heads));
        using var cache = Read(0, Rows);
        var threads = get_num_threads();
        try
        {
            set_num_threads(1);
            var one = cache.Attend(0, query, heads, scale: null, window);
            set_num_threads(4);
            var four = cache.Attend(0, query, heads, scale: null, window);

            Assert.Equal(one.data<float>().ToArray(), four.data<float>().ToArray());
            var seen = window ?? PromptLength + 1;
            foreach (var row in new[] { 0, 17, Rows - 1 })
            {
                using var itsOwn = Read(row, 1);
                Assert.Equal(itsOwn.Attend(0, query.narrow(0, row, 1), heads, scale: null, window)[0].data<float>().ToArray(), four[row].data<float>().ToArray());
                Tensor Seen(Tensor ofPrompt, Tensor own) => cat([ofPrompt, own.narrow(0, row, 1)], 0).narrow(0, PromptLength + 1 - seen, seen).transpose(0, 1);
                var expected = Alone(query[row], Seen(promptKeys, key), Seen(promptValues, value), 1 / Math.Sqrt(size));
                Assert.True((four[row].to(ScalarType.Float64) - expected).abs().max().item<double>() <= 1e-5, $"Row {row} is off.");
            }
        }
        finally
        {
            set_num_threads(threads);
        }

        // A prompt that some of the rows continue by a token.
        KeyValueCache Read(int first, int count)
        {
            var read = new KeyValueCache(model.Config, sharesPrompts: true, ScalarType.Float32, CPU);
            read.Advance([]);
            var prompt = read.AddPrompt(PromptLength);
            read.Store(0, promptKeys, promptValues);
            read.Advance([.. Enumerable.Range(0, count).Select(_ => read.Continue(prompt))]);
            read.Store(0, key.narrow(0, first, count), value.narrow(0, first, count));
            return read;
        }
    }

    private static void AssertEqualsRowsAlone(
        string name, string modelName, double? scale, ScalarType type, double tolerance, int[] promptOfRow, int[] keptFirst, int[] keptThen)
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(7);
        using var model = TestModels.Load(modelName);
        var (heads, size) = (model.Config.KeyValueHeadCount, model.Config.HeadSize);
        Tensor Random(params long[] shape) => randn(shape, generator: generator).to(type);
        var sharesPrompts = promptOfRow.Length > PromptLengths.Length;
        using var cache = new KeyValueCache(model.Config, sharesPrompts, type, CPU);
        var layer = model.Config.LayerCount - 1;
        // What each row has read so far, [key-value heads, tokens, head size].
        var rows = new List<(CachedRow Row, Tensor Keys, Tensor Values)>();
        for (var token = 0; token < NewTokens; token++)
        {
            if ((token == 2 ? keptFirst : token == 17 ? keptThen : null) is { } kept)
            {
                Drop(cache, rows, kept);
                rows = [.. kept.Select(row => rows[row])];
            }
            int[] lengths = token == 0 ? PromptLengths : token == 5 ? LatePromptLengths : [];
            cache.Advance([.. rows.Select(row => row.Row)]);
            var prompts = lengths.Select(cache.AddPrompt).ToList();
            var (query, key, value) = (Random(rows.Count, 4, size), Random(rows.Count, heads, size), Random(rows.Count, heads, size));
            var (promptKeys, promptValues) = (Random(lengths.Sum(), heads, size), Random(lengths.Sum(), heads, size));
            rows = [.. rows.Select((row, i) => (row.Row, cat([row.Keys, key[i].unsqueeze(1)], 1), cat([row.Values, value[i].unsqueeze(1)], 1)))];
            cache.Store(layer, cat([key, promptKeys], 0), cat([value, promptValues], 0));

            if (rows.Count > 0)
            {
                var actual = cache.Attend(layer, query, heads, scale, window: null);

                var expected = stack(rows.Select((row, i) => Alone(query[i], row.Keys, row.Values, scale ?? 1 / Math.Sqrt(size))));
                var difference = (actual.to(ScalarType.Float64) - expected).abs().max().item<double>();
                Assert.True(difference <= tolerance, $"{name}: token {token} is off by {difference}.");
            }
            int[] entering = token == 0 ? promptOfRow : token == 5 ? (sharesPrompts ? [0, 0, 1] : [0, 1]) : [];
            rows.AddRange(entering.Select(prompt =>
                (cache.Continue(prompts[prompt]), Own(promptKeys, lengths, prompt), Own(promptValues, lengths, prompt))));
        }
    }

    private static void Drop(KeyValueCache cache, List<(CachedRow Row, Tensor Keys, Tensor Values)> rows, int[] kept)
    {
        var left = kept.Select(row => rows[row].Row).ToHashSet();
        cache.Drop(rows.Select(row => row.Row).Where(row => !left.Contains(row)));
        cache.Drop([.. rows.Select(row => row.Row.Prompt).OfType<CachedSequence>().Distinct().Where(prompt => left.All(row => row.Prompt != prompt))]);
    }

    private static Tensor Own(Tensor all, int[] lengths, int prompt) => all.narrow(0, lengths.Take(prompt).Sum(), lengths[prompt]).transpose(0, 1);

    // [heads, head size] → [heads · head size], by the formula, in F64.
    private static Tensor Alone(Tensor query, Tensor keys, Tensor values, double scale)
    {
        Tensor Repeat(Tensor heads) => heads.to(ScalarType.Float64).repeat_interleave(query.size(0) / heads.size(0), 0);
        var scores = Repeat(keys).matmul(query.to(ScalarType.Float64).unsqueeze(2)).squeeze(2) * scale;   // [heads, tokens]
        return (scores.softmax(1).unsqueeze(2) * Repeat(values)).sum(1).flatten();
    }
}
