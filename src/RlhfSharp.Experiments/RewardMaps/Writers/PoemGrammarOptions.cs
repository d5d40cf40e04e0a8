using System.ComponentModel.DataAnnotations;
using RlhfSharp.Experiments.TinyWorld;
using RlhfSharp.Training;
using static TorchSharp.torch;

namespace RlhfSharp.Experiments.RewardMaps;

/// <summary>The grammar of the built-in world's poems in place of a language model: thousands of poems a second, for simulations; <c>kind: poem-grammar</c>.</summary>
/// <remarks>It reads a genre and a tone from the first line of a prompt; what is not named there it draws. Below that line it looks for what the poem is to be about.</remarks>
[RecipeKind("poem-grammar")]
public sealed record PoemGrammarOptions : MapGeneratorOptions
{
    /// <summary>Gets how often a genre or a tone that is asked for is what gets written; otherwise it is one of the others.</summary>
    /// <value>From 0 to 1. The default is 0.9: models do not always do as they are told.</value>
    [Range(0.0, 1.0)]
    public double Obedience { get; init; } = 0.9;

    /// <summary>Gets how many stanzas a ballad or a hymn may have. Their number is drawn from 2 on, all equally likely: only where lengths differ within a genre can a map tell the two apart.</summary>
    /// <value>From 2 to 6. The default is 6.</value>
    [Range(2, PoemGrammar.MostStanzas)]
    public int Stanzas { get; init; } = PoemGrammar.MostStanzas;

    internal override ITextWriter Open(string folder, Device device, TimeProvider time) => new PoemGrammarWriter(this);
}
