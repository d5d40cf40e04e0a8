namespace RlhfSharp.Models.Tokenization;

/// <summary>The ids of the tokens with a role; null where there is none.</summary>
internal sealed record SpecialTokenIds(int? Bos, int? Eos, int? Pad, int? Cls = null, int? Sep = null);
