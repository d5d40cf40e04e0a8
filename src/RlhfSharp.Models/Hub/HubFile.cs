namespace RlhfSharp.Models.Hub;

/// <summary>A file of a model, as the Hub describes it.</summary>
/// <param name="Name">Its path in the model's repository.</param>
/// <param name="Etag">A SHA-256 for large files, Git's SHA-1 of a blob for others; also the name of the blob in the cache.</param>
/// <param name="Size">In bytes.</param>
/// <param name="Address">Where it lies, redirections followed.</param>
internal sealed record HubFile(string Name, string Etag, long Size, Uri Address);
