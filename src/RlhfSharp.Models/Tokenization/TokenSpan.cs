namespace RlhfSharp.Models.Tokenization;

/// <summary>A token and the stretch of text that it stands for.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Start">The place of its first UTF-16 unit in the text as it came.</param>
/// <param name="End">The place behind its last one; the same as <paramref name="Start"/> for what does not stand in the text.</param>
public readonly record struct TokenSpan(int Id, int Start, int End);
