using System.Text;
using RlhfSharp.Models.Generation;
using RlhfSharp.Models.Runtime;
using static TorchSharp.torch;

namespace RlhfSharp.Models.Tests.Generation;

/// <summary>Pieces of text that come while samples grow.</summary>
[NoTensorLeak]
public sealed class StreamingTests
{
    private static readonly ByteTokenizer Tokenizer = new("ab\n\nHum", "an: x", "o w");
    private static readonly GenerationOptions Options = new() { MaxNewTokens = 8, BatchSize = 2 };

    [Fact]
    public void Grow_CharacterOfSeveralTokens_ComesWhole() =>
        Assert.Equal(["a", "", "", "€", "", "é"], Pieces("a€é"));

    [Fact]
    public void Grow_EndThatMayBeginAStopString_WaitsUntilItIsCertain()
    {
        // "\n\nHu" may become the stop string until "t" comes; the second "\n" does become one.
        Assert.Equal(["a", "", "", "", "", "\n\nHut", ""], Pieces("a\n\nHut\n", "\n\nHuman:"));
        Assert.Equal(["x", "", "a"], Pieces("xaa", "ab"));   // one a is certain, the other may begin "ab"
    }

    [Fact]
    public void Grow_BytesThatAreNoCharacter_WaitForWhatFollows() =>
        Assert.Equal(["h", "", "\uFFFDi"], Pieces([(byte)'h', 0x80, (byte)'i']));

    [Fact]
    public void Generate_OnText_PiecesTogetherAreTheText()
    {
        using var model = StopTests.Model();
        int[] tokens = ['h', .. Encoding.UTF8.GetBytes("é").Select(value => (int)value), Tokenizer.IdOf("ab\n\nHum")!.Value, Tokenizer.IdOf("an: x")!.Value, 'z'];
        var pieces = new List<TextDelta>();

        var sample = Assert.Single(new TextGenerator(model, [], Tokenizer).Generate(
            [[1]], 1, Options with { StopStrings = ["\n\nHuman:"] }, seed: 0, [new Dictation(tokens)], onText: pieces.Add));

        Assert.Equal(["h", "é", "ab", ""], pieces.Select(piece => piece.Text));
        Assert.Equal("héab", sample.Text);
        Assert.Equal(sample.Tokens, pieces[^1].Finished!.Tokens);
        Assert.All(pieces.SkipLast(1), piece => Assert.Null(piece.Finished));
    }

    [Fact]
    public void Generate_OnTextThatThrows_EndsTheWorkAndFreesItsMemory()
    {
        using var model = StopTests.Model();
        Assert.Throws<TimeoutException>(() => new TextGenerator(model, [], Tokenizer)
            .Generate([[1]], 2, Options, seed: 0, onText: _ => throw new TimeoutException()));
    }

    [Fact]
    public void Generate_OnTextWithoutTokenizer_IsRefused()
    {
        using var model = StopTests.Model();
        Assert.Throws<InputException>(() => new TextGenerator(model, []).Generate([[1]], 1, Options, seed: 0, onText: _ => { }));
    }

    [Fact]
    public async Task Stream_SeveralSamples_EachComesInOrderAndEqualsGenerate()
    {
        using var model = StopTests.Model();
        var generator = new TextGenerator(model, [7, 200], Tokenizer);
        var expected = generator.Generate([[1], [2, 3]], 3, Options, seed: 4);

        var texts = expected.ToDictionary(sample => (sample.Prompt, sample.Sample), _ => new StringBuilder());
        var finished = new List<GeneratedSample>();
        await foreach (var piece in generator.StreamAsync([[1], [2, 3]], 3, Options, seed: 4, cancellationToken: TestContext.Current.CancellationToken))
        {
            texts[(piece.Prompt, piece.Sample)].Append(piece.Text);
            finished.AddRange(piece.Finished is { } sample ? [sample] : Array.Empty<GeneratedSample>());
        }

        var ordered = finished.OrderBy(sample => sample.Prompt).ThenBy(sample => sample.Sample).ToList();
        Assert.Equal(expected.Select(sample => sample.Tokens), ordered.Select(sample => sample.Tokens));
        Assert.Equal(expected.Select(sample => sample.Text), expected.Select(sample => texts[(sample.Prompt, sample.Sample)].ToString()));
    }

    [Fact]
    public async Task Stream_ReaderLeaves_TheModelIsAtRest()
    {
        using var model = StopTests.Model();
        var counter = new CallCounter();
        await foreach (var piece in new TextGenerator(model, [], Tokenizer)
            .StreamAsync([[1]], 1, Options with { MaxNewTokens = 63 }, seed: 0, [counter], cancellationToken: TestContext.Current.CancellationToken))
        {
            break;
        }
        var calls = counter.Calls;
        await Task.Delay(50, TestContext.Current.CancellationToken);
        Assert.Equal(calls, counter.Calls);   // and no tensor is left, as for every test here
    }

    [Fact]
    public async Task Stream_Cancelled_Throws()
    {
        using var model = StopTests.Model();
        using var source = new CancellationTokenSource();
        var generator = new TextGenerator(model, [], Tokenizer);
        var pieces = 0;

        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
        {
            await foreach (var piece in generator.StreamAsync([[1]], 500, Options, seed: 0, cancellationToken: source.Token))
            {
                pieces++;
                await source.CancelAsync();
            }
        });

        Assert.True(pieces > 0);
    }

    [Fact]
    public async Task Stream_BadPrompt_ThrowsWhatGenerateThrows()
    {
        using var model = StopTests.Model();
        await Assert.ThrowsAsync<InputException>(async () =>
        {
            await foreach (var piece in new TextGenerator(model, [], Tokenizer)
                .StreamAsync([[]], 1, Options, seed: 0, cancellationToken: TestContext.Current.CancellationToken))
            {
                Assert.Fail("No piece can come.");
            }
        });
    }

    private static List<string> Pieces(string text, params string[] stops) => Pieces(Encoding.UTF8.GetBytes(text), stops);

    // One token per byte.
    private static List<string> Pieces(byte[] bytes, params string[] stops)
    {
        var growing = new CertainText(Tokenizer, stops);
        return [.. bytes.Select(value => growing.Grow(value))];
    }

    private sealed class CallCounter : ILogitsProcessor
    {
        private int _calls;

        public int Calls => Volatile.Read(ref _calls);

        public Tensor Process(Tensor scores, Tensor hidden, Tensor lastTokens)
        {
            Interlocked.Increment(ref _calls);
            return scores;
        }
    }
}
