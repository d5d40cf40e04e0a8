using RlhfSharp.Models.Tokenization;

namespace RlhfSharp.Models.Generation;

/// <summary>Turns sampled tokens into text.</summary>
internal static class SampleDecoding
{
    // Many models pad their vocabulary: they can draw ids that no tokenizer knows. These have no text, as in Hugging Face.
    public static string DecodeSample(this Tokenizer tokenizer, IEnumerable<int> tokens) =>
        tokenizer.Decode([.. tokens.Where(token => token < tokenizer.VocabularySize)]);
}
