namespace RlhfSharp.Training.Data;

/// <summary>Carries the reason why a row cannot be used to whoever knows where the row stands and what to do about it.</summary>
internal sealed class BadRowException(string reason) : Exception(reason);
