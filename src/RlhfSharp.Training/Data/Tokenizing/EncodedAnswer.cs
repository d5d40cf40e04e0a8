namespace RlhfSharp.Training.Data;

/// <summary>An answer within an <see cref="EncodedDialogue"/>.</summary>
/// <param name="Start">Its first token.</param>
/// <param name="TextEnd">The token after the last one that <paramref name="Text"/> became.</param>
/// <param name="End">The same, or one more where an end-of-sequence token was appended.</param>
/// <param name="Text">What the model said, as the chat format writes it.</param>
internal readonly record struct EncodedAnswer(int Start, int TextEnd, int End, string Text);
