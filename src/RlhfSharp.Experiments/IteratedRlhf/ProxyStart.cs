using RlhfSharp.Experiments.Recipes;
using RlhfSharp.Experiments.Runs;
using RlhfSharp.Models;
using RlhfSharp.Models.Architectures;
using RlhfSharp.Models.Checkpoints;
using RlhfSharp.Models.Runtime;
using RlhfSharp.Models.Tokenization;
using static TorchSharp.torch;

namespace RlhfSharp.Experiments.IteratedRlhf;

/// <summary>What a proxy is before it has seen a label: a language model with a new score on it, or a network that knows nothing.</summary>
internal static class ProxyStart
{
    /// <summary>Reads the tokenizer that proxies read answers with.</summary>
    /// <param name="recipe">The row's recipe.</param>
    public static Tokenizer Tokenizer(IterationRecipe recipe) => TokenizerLoader.Load(Path(recipe) ?? IteratedRun.StartPath(recipe));

    /// <summary>Reads the configuration.</summary>
    /// <param name="recipe">The row's recipe.</param>
    /// <param name="tokenizer">The proxies' (<see cref="Tokenizer"/>).</param>
    /// <exception cref="InputException">There is no such checkpoint, no such model can be, or the tokenizer has more tokens than the model.</exception>
    public static ModelConfig ReadConfig(IterationRecipe recipe, Tokenizer tokenizer)
    {
        var path = Path(recipe);
        var config = path is null ? MemberModel.ReadConfig(new ModelOptions { New = recipe.Proxy.New }, tokenizer) : Checkpoint.ReadConfig(path);
        tokenizer.RequireFits(config.VocabularySize, path ?? "proxy.new");
        return config;
    }

    /// <summary>Makes a proxy.</summary>
    /// <param name="recipe">The row's recipe.</param>
    /// <param name="tokenizer">The proxies'.</param>
    /// <param name="seed">Decides what is drawn: the score, or all of it.</param>
    /// <param name="device">Where it computes.</param>
    public static SequenceClassifier Create(IterationRecipe recipe, Tokenizer tokenizer, long seed, Device device)
    {
        var config = ReadConfig(recipe, tokenizer);
        return Path(recipe) is { } path
            ? Checkpoint.StartClassifier(path, labelCount: 1, seed, ScalarType.Float32, device)
            : SequenceClassifier.Create(config.AsClassifier(labelCount: 1), seed, ScalarType.Float32, device);
    }

    private static string? Path(IterationRecipe recipe) => recipe.Proxy switch
    {
        { New: not null } => null,
        { Path: { } path } => CheckpointPath.Resolve(path),
        _ => IteratedRun.StartPath(recipe),
    };
}
