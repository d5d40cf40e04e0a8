using System.ComponentModel.DataAnnotations;
using RlhfSharp.Experiments.Recipes;
using RlhfSharp.Training;

namespace RlhfSharp.Experiments.TinyWorld;

/// <summary>Texts of the built-in world, to pretrain its model on; recipe section <c>data</c> with <c>kind: tiny-world</c>.</summary>
[RecipeKind("tiny-world")]
public sealed record TinyWorldDataOptions : DataOptions
{
    /// <summary>Gets what the texts are: dialogues about things, or poems.</summary>
    /// <value>The default is <see cref="TextWorldKind.Dialogues"/>.</value>
    public TextWorldKind World { get; init; } = TextWorldKind.Dialogues;

    /// <summary>Gets the number of texts to train on. Dialogues are a curriculum: train on them in their order, once.</summary>
    /// <value>From 1 up. The default is 96000, about 10 million tokens.</value>
    [Range(1, 10_000_000)]
    public int Texts { get; init; } = 96_000;

    /// <summary>Gets the number of texts that are held out to measure the loss.</summary>
    /// <value>From 1 up. The default is 500.</value>
    [Range(1, 100_000)]
    public int HeldOutTexts { get; init; } = 500;

    /// <summary>Gets the seed of the texts; it is not the run's seed.</summary>
    /// <value>The default is 0.</value>
    public long WorldSeed { get; init; }

    /// <summary>Gets the number of ids of the tokenizer, which is learnt from the texts.</summary>
    /// <value>From 700 up, the most there will be: 256 bytes and, of the dialogues, the names of 440 things have a token each. The default is 2048: every word of a world is one token.</value>
    [Range(700, 65_536)]
    public int VocabularySize { get; init; } = 2048;
}
