using RlhfSharp.Experiments.Runs;
using RlhfSharp.Models;
using RlhfSharp.Models.Checkpoints;
using RlhfSharp.Models.Generation;
using RlhfSharp.Models.Tokenization;
using static TorchSharp.torch;

namespace RlhfSharp.Experiments.RewardMaps;

/// <summary>Writes texts with a model on this machine. A text depends on seed, number and prompt, not on the batch it is written in.</summary>
internal sealed class LocalWriter : ITextWriter
{
    private readonly LanguageModel _model;
    private readonly Tokenizer _tokenizer;
    private readonly PromptEncoder _prompts;
    private readonly GenerationOptions _sampling;
    private readonly SemaphoreSlim _oneAtATime = new(1);

    public LocalWriter(LocalGeneratorOptions options, Device device)
    {
        var format = options.Format is { } name ? ChatFormats.Get(name) : null;
        _sampling = options.Sampling with { StopStrings = [.. options.Sampling.StopStrings, .. format?.StopStrings ?? []] };
        var directory = CheckpointPath.Resolve(options.Path);
        _tokenizer = TokenizerLoader.Load(directory);
        _prompts = new PromptEncoder(_tokenizer, format);
        _model = Checkpoint.Load(directory, ScalarType.Float32, device);
        _tokenizer.RequireFits(_model.Config.VocabularySize, directory);
    }

    public async Task<IReadOnlyList<string>> WriteAsync(IReadOnlyList<WriteRequest> requests, CancellationToken cancellationToken)
    {
        await _oneAtATime.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            // A thread of its own: TorchSharp's scopes belong to a thread and must not cross an await.
            return await Task.Factory.StartNew(
                () => Write(requests, cancellationToken), cancellationToken, TaskCreationOptions.LongRunning, TaskScheduler.Default).ConfigureAwait(false);
        }
        finally
        {
            _oneAtATime.Release();
        }
    }

    public void Dispose()
    {
        _model.Dispose();
        _oneAtATime.Dispose();
    }

    private IReadOnlyList<string> Write(IReadOnlyList<WriteRequest> requests, CancellationToken cancellationToken)
    {
        int[] ends = [.. _model.Config.EosTokenIds.Concat(_tokenizer.EosId is { } end ? [end] : []).Distinct()];
        var generator = new TextGenerator(_model, ends, _tokenizer);
        var samples = generator.Generate(
            [.. requests.Select(request => Encode(request.Prompt))], 1, _sampling, requests[0].Seed, firstPrompt: checked((int)requests[0].Number), cancellationToken: cancellationToken);
        return [.. samples.Select(sample => sample.Text)];
    }

    // The end of a prompt counts most where it is longer than the context: half of the room is left for the answer.
    private IReadOnlyList<int> Encode(string prompt)
    {
        var ids = _prompts.Question(prompt);
        if (ids.Count == 0)
        {
            return _tokenizer.EosId is { } end ? [end] : ids;   // something must come before the first token
        }
        var first = ids[0] == _tokenizer.BosId ? 1 : 0;
        var room = Math.Max(1, _model.Config.MaxPositions - Math.Min(_sampling.MaxNewTokens, _model.Config.MaxPositions / 2) - first);
        return [.. ids.Take(first), .. ids.Skip(first).TakeLast(room)];
    }
}
