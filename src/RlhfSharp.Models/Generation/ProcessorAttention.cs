using System.Buffers;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using static TorchSharp.torch;
using TensorPrimitives = System.Numerics.Tensors.TensorPrimitives;

namespace RlhfSharp.Models.Generation;

/// <summary>Attention of one new token per row, on the processor and in F32: reads keys and values where they lie, each once.</summary>
/// <remarks>A library of matrix products packs its operands first, which takes longer than multiplying a handful of queries with them. Here nothing is
/// moved, gathered or masked. Rows of a prompt follow each other, so that its keys and values stay in the processor's cache. What a row and head get depends on them alone,
/// to the last bit, whatever else is in the batch and on however many threads.</remarks>
/// <param name="prompts">Tokens of shared prompts; null where there are none.</param>
/// <param name="own">Tokens of the rows.</param>
internal sealed class ProcessorAttention(KeyValueBlocks? prompts, KeyValueBlocks own)
{
    // Waking a second thread takes as long as this many numbers take to be read.
    private const long NumbersWorthAThread = 1 << 18;

    /// <summary>Tells whether tokens that are kept so can be read here.</summary>
    public static bool CanRead(ScalarType type, Device device) => type == ScalarType.Float32 && device.type == TorchSharp.DeviceType.CPU;

    /// <summary>Lets the queries of each row look at everything it has.</summary>
    /// <param name="rows">The rows.</param>
    /// <param name="layer">The layer.</param>
    /// <param name="queries"><c>[rows, key-value heads, queries per key-value head, head size]</c>, scaled.</param>
    /// <param name="window">How many of the newest tokens are looked at; null for all.</param>
    /// <returns>As <paramref name="queries"/>, owned by the caller's dispose scope.</returns>
    public Tensor Attend(IReadOnlyList<CachedRow> rows, int layer, Tensor queries, int? window)
    {
        var asked = queries.contiguous();
        var mixed = empty_like(asked);
        var (heads, perHead, size) = ((int)asked.size(1), (int)asked.size(2), (int)asked.size(3));
        var pieces = rows.Count * heads;
        int Seen(CachedRow row) => Math.Min(row.Length, window ?? int.MaxValue);
        var numbers = 2L * heads * size * rows.Sum(row => (long)Seen(row));
        var threads = (int)Math.Clamp(numbers / NumbersWorthAThread, 1, Math.Min(pieces, get_num_threads()));
        if (threads == 1)
        {
            Work(0, pieces);
        }
        else
        {
            Parallel.For(0, threads, new ParallelOptions { MaxDegreeOfParallelism = threads }, thread =>
                Work((int)((long)pieces * thread / threads), (int)((long)pieces * (thread + 1) / threads)));
        }
        return mixed;

        // Pieces are ordered by head, then by row. Spans cannot leave a thread, so each takes its own.
        void Work(int from, int to)
        {
            var input = Numbers(asked);
            var output = Numbers(mixed);
            ref var keys = ref First(own.Keys(layer));
            ref var values = ref First(own.Values(layer));
            ref var promptKeys = ref First((prompts ?? own).Keys(layer));
            ref var promptValues = ref First((prompts ?? own).Values(layer));
            var scores = ArrayPool<float>.Shared.Rent(perHead * rows.Max(Seen));
            for (var piece = from; piece < to; piece++)
            {
                var (head, row) = (piece / rows.Count, rows[piece % rows.Count]);
                var place = (piece % rows.Count * heads + head) * perHead * size;
                var (hidden, promptLength) = (row.Length - Seen(row), row.Prompt?.Length ?? 0);
                var reader = new Reader(input.Slice(place, perHead * size), output.Slice(place, perHead * size), scores, Seen(row), head, heads, size);
                reader.Score(row.Prompt, ref promptKeys, hidden);
                reader.Score(row.Own, ref keys, hidden - promptLength);
                reader.TurnIntoWeights();
                reader.Mix(row.Prompt, ref promptValues, hidden);
                reader.Mix(row.Own, ref values, hidden - promptLength);
            }
            ArrayPool<float>.Shared.Return(scores);
        }
    }

    private static Span<float> Numbers(Tensor tensor) => MemoryMarshal.Cast<byte, float>(tensor.bytes);

    // A span cannot hold more than 2 GB, a cache can: of the first block's numbers, from where the others are counted.
    private static ref float First(Tensor blocks)
    {
        using var first = blocks.narrow(0, 0, 1);
        return ref MemoryMarshal.GetReference(Numbers(first));
    }

    /// <summary>Reads what one row keeps for one key-value head, for all queries of that head.</summary>
    private ref struct Reader(Span<float> queries, Span<float> mixed, float[] scores, int tokens, int head, int heads, int size)
    {
        private readonly Span<float> _queries = queries;
        private readonly Span<float> _mixed = mixed;
        private readonly int _count = queries.Length / size;
        private int _scored;
        private int _added;

        /// <summary>Multiplies the queries with keys; what comes later follows.</summary>
        /// <param name="sequence">Whose keys; null for none.</param>
        /// <param name="keys">The first of all keys' numbers.</param>
        /// <param name="hidden">How many of its first tokens are not looked at.</param>
        public void Score(CachedSequence? sequence, ref float keys, int hidden)
        {
            for (var token = Math.Max(0, hidden); token < sequence?.Length; token++, _scored++)
            {
                var key = Numbers(ref keys, sequence, token);
                for (var query = 0; query < _count; query++)
                {
                    scores[query * tokens + _scored] = TensorPrimitives.Dot(_queries.Slice(query * size, size), key);
                }
            }
        }

        /// <summary>Turns the scores of each query into weights that sum to 1, and begins sums of 0.</summary>
        public readonly void TurnIntoWeights()
        {
            for (var query = 0; query < _count; query++)
            {
                var weights = scores.AsSpan(query * tokens, tokens);
                TensorPrimitives.Subtract(weights, TensorPrimitives.Max(weights), weights);
                TensorPrimitives.Exp(weights, weights);
                TensorPrimitives.Divide(weights, TensorPrimitives.Sum(weights), weights);
            }
            _mixed.Clear();
        }

        /// <summary>Adds up values by the weights of their tokens, in the order of <see cref="Score"/>.</summary>
        public void Mix(CachedSequence? sequence, ref float values, int hidden)
        {
            for (var token = Math.Max(0, hidden); token < sequence?.Length; token++, _added++)
            {
                var value = Numbers(ref values, sequence, token);
                for (var query = 0; query < _count; query++)
                {
                    var sum = _mixed.Slice(query * size, size);
                    TensorPrimitives.MultiplyAdd(value, scores[query * tokens + _added], sum, sum);
                }
            }
        }

        private readonly ReadOnlySpan<float> Numbers(ref float first, CachedSequence sequence, int token)
        {
            var (block, offset) = (sequence.Blocks[token / KeyValueBlocks.BlockSize], token % KeyValueBlocks.BlockSize);
            var place = (((nint)block * heads + head) * KeyValueBlocks.BlockSize + offset) * size;
            return MemoryMarshal.CreateReadOnlySpan(ref Unsafe.Add(ref first, place), size);
        }
    }
}
