using static TorchSharp.torch;

namespace RlhfSharp.Models.Generation;

/// <summary>The samples that grow at present, with what the model remembers of them.</summary>
/// <param name="model">The model.</param>
/// <param name="sharesPrompts">Whether any prompt has two samples.</param>
internal sealed class GenerationBatch(LanguageModel model, bool sharesPrompts) : IDisposable
{
    private readonly KeyValueCache _cache = new(model.Config, sharesPrompts, model.Type, model.Device);
    private readonly List<GenerationRow> _rows = [];
    private readonly HashSet<GenerationPrompt> _prompts = [];

    /// <summary>Gets the samples, those of a prompt side by side.</summary>
    public IReadOnlyList<GenerationRow> Rows => _rows;

    /// <summary>Reads the newest token of each sample, and the prompts of those that enter unless they are known: one forward pass for all.</summary>
    /// <param name="entering">Samples that join; what follows the present ones in the order of all.</param>
    /// <returns>The hidden state at the end of each sample, <c>[rows, hidden]</c>, owned by the caller's dispose scope.</returns>
    public Tensor Read(IReadOnlyList<GenerationRow> entering)
    {
        using var scope = NewDisposeScope();
        var prompts = entering.Select(row => row.Prompt).Distinct().Where(prompt => !_prompts.Contains(prompt)).ToList();
        var growing = _rows.Count;
        var parts = new List<Tensor>();
        if (growing + prompts.Count > 0)
        {
            var hidden = Forward(prompts);   // [tokens, hidden]
            parts.Add(hidden.narrow(0, 0, growing));
            var end = (long)growing;
            foreach (var prompt in prompts)
            {
                end += prompt.Tokens.Count;
                prompt.LastHidden = hidden.narrow(0, end - 1, 1).clone().DetachFromDisposeScope();
            }
        }
        foreach (var row in entering)
        {
            row.Cached = _cache.Continue(row.Prompt.Cached!);
            parts.Add(row.Prompt.LastHidden!);
        }
        _prompts.UnionWith(prompts);
        _rows.AddRange(entering);
        return cat(parts, 0).MoveToOuterDisposeScope();
    }

    /// <summary>Takes finished samples out.</summary>
    /// <param name="release">Called for each; tells whether its prompt is needed no more.</param>
    public void RemoveFinished(Func<GenerationRow, bool> release)
    {
        var finished = _rows.Where(row => row.IsFinished).ToList();
        if (finished.Count == 0)
        {
            return;
        }
        var prompts = finished.Where(release).Select(row => row.Prompt).ToList();
        _cache.Drop(finished.Select(row => row.Cached!));
        _cache.Drop([.. prompts.Select(prompt => prompt.Cached!)]);
        prompts.ForEach(Forget);
        finished.ForEach(row => row.Cached = null);
        _rows.RemoveAll(row => row.IsFinished);
    }

    public void Dispose()
    {
        _prompts.ToList().ForEach(Forget);
        _cache.Dispose();
    }

    private Tensor Forward(IReadOnlyList<GenerationPrompt> prompts)
    {
        _cache.Advance([.. _rows.Select(row => row.Cached!)]);
        foreach (var prompt in prompts)
        {
            prompt.Cached = _cache.AddPrompt(prompt.Tokens.Count);
        }
        var tokens = _rows.Select(row => row.LastToken).Concat(prompts.SelectMany(prompt => prompt.Tokens)).Select(id => (long)id);
        var attention = new StepAttention(
            _cache, [.. _rows.Select(row => row.NextPosition)], [.. prompts.Select(prompt => prompt.Tokens.Count)], model.Device);
        return model.Backbone.Forward(tensor(tokens.ToArray(), device: model.Device), attention);
    }

    private void Forget(GenerationPrompt prompt)
    {
        prompt.LastHidden?.Dispose();
        (prompt.LastHidden, prompt.Cached) = (null, null);
        _prompts.Remove(prompt);
    }
}
