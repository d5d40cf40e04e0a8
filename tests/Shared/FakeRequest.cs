namespace RlhfSharp.Tests;

/// <summary>What came to a <see cref="FakeEndpoint"/>.</summary>
/// <param name="Number">Which request it is, from 1.</param>
/// <param name="Path">The path.</param>
/// <param name="Authorization">The header.</param>
/// <param name="Body">The JSON.</param>
/// <param name="Question">The last message.</param>
internal sealed record FakeRequest(int Number, string Path, string Authorization, string Body, string Question);
