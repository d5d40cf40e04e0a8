using Microsoft.ML.Tokenizers;
using RlhfSharp.Benchmarks.Measuring;
using RlhfSharp.Models.Runtime;
using RlhfSharp.Models.Tokenization;

namespace RlhfSharp.Benchmarks.Workloads;

/// <summary>Encodes English text with GPT-2's tokenizer, line by line. The plain rendering is Microsoft.ML.Tokenizers by itself, set up for the same ids.</summary>
internal sealed class TokenizeContest : IContest
{
    private const string Words = @"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+";

    private readonly RlhfSharp.Models.Tokenization.Tokenizer _ours;
    private readonly BpeTokenizer _plain;
    private readonly string[] _texts;

    /// <summary>Reads tokenizer and text from the data beside the repository.</summary>
    public TokenizeContest()
    {
        var tokenizer = SharedData("gpt2-tokenizer");
        _ours = TokenizerLoader.Load(tokenizer);
        var options = new BpeOptions(Path.Combine(tokenizer, "encoder.json"), Path.Combine(tokenizer, "vocab.bpe"))
        {
            ByteLevel = true,
            PreTokenizer = new RegexPreTokenizer(new(Words, System.Text.RegularExpressions.RegexOptions.Compiled), null),
        };
        _plain = BpeTokenizer.Create(options);
        // Paragraphs: about what a message of a dialogue is.
        _texts = File.ReadAllText(Path.Combine(SharedData("tinyshakespeare"), "input.txt")).Split("\n\n");
        Bytes = _texts.Sum(text => (long)System.Text.Encoding.UTF8.GetByteCount(text));
        Tokens = _texts.Sum(text => (long)_ours.Encode(text).Count);
    }

    /// <summary>Gets the bytes of a run's text.</summary>
    public long Bytes { get; }

    public long Tokens { get; }

    public double UsefulFlops => 0;

    public void Verify()
    {
        foreach (var text in _texts)
        {
            if (!_ours.Encode(text).SequenceEqual(_plain.EncodeToIds(text)))
            {
                throw new InvalidOperationException($"The ids of '{text}' differ.");
            }
        }
    }

    public void RunOurs()
    {
        foreach (var text in _texts)
        {
            _ = _ours.Encode(text);
        }
    }

    public void RunPlain()
    {
        foreach (var text in _texts)
        {
            _ = _plain.EncodeToIds(text);
        }
    }

    public IReadOnlyList<(string Part, double Seconds)> Profile(StepProfile profile) => [];

    public void Dispose()
    {
    }

    private static string SharedData(string name)
    {
        for (var folder = AppContext.BaseDirectory; folder is not null; folder = Path.GetDirectoryName(folder))
        {
            if (File.Exists(Path.Combine(folder, "RlhfSharp.slnx")))
            {
                var path = Path.GetFullPath(Path.Combine(folder, "..", "shared", "data", name));
                return Directory.Exists(path) ? path : throw new InputException($"This workload needs ../shared/data/{name}, which is not there.");
            }
        }
        throw new InputException("This workload reads data beside the repository; run it from there.");
    }
}
