namespace RlhfSharp.Models.Tokenization;

/// <summary>What a piece is for, with the numbers of SentencePiece's file format.</summary>
internal enum SentencePieceKind
{
    /// <summary>Text.</summary>
    Normal = 1,

    /// <summary>Stands for text that has no piece.</summary>
    Unknown = 2,

    /// <summary>A mark such as the end of a sequence.</summary>
    Control = 3,

    /// <summary>Text that is always one piece.</summary>
    UserDefined = 4,

    /// <summary>Not to be used.</summary>
    Unused = 5,

    /// <summary>A single byte, for characters without a piece.</summary>
    Byte = 6,
}
