using RlhfSharp.Models.Runtime;

namespace RlhfSharp.Models.Hub;

/// <summary>The cache that Hugging Face's own client uses: <c>models--org--name/</c> with <c>blobs/</c> by etag, <c>refs/</c> with the commit of each revision, and
/// <c>snapshots/COMMIT/</c> with links to the blobs. Either program finds what the other has fetched.</summary>
internal sealed class HubCache
{
    private readonly string _folder;

    public HubCache(string directory, HubModelId id)
    {
        Id = id;
        _folder = Path.Combine(directory, $"models--{id.Name.Replace("/", "--", StringComparison.Ordinal)}");
    }

    /// <summary>Gets the model.</summary>
    public HubModelId Id { get; }

    /// <summary>Finds the folder of a revision; null if nothing of it was fetched.</summary>
    public string? FindSnapshot()
    {
        var reference = Path.Combine(_folder, "refs", Id.Revision);
        var commit = File.Exists(reference) ? File.ReadAllText(reference).Trim() : Id.Revision;
        var folder = SnapshotOf(commit);
        return commit.Length > 0 && Directory.Exists(folder) ? folder : null;
    }

    /// <summary>Gets the folder of a commit, whether it exists or not.</summary>
    public string SnapshotOf(string commit) => Path.Combine(_folder, "snapshots", commit);

    /// <summary>Gets the file of a blob, whether it exists or not.</summary>
    public string BlobOf(HubFile file) => Path.Combine(_folder, "blobs", file.Etag);

    /// <summary>Makes the folders.</summary>
    public void Prepare(string commit)
    {
        SafeDirectory.Create(Path.Combine(_folder, "blobs"));
        SafeDirectory.Create(SnapshotOf(commit));
        SafeDirectory.Create(Path.GetDirectoryName(Path.Combine(_folder, "refs", Id.Revision))!);
    }

    /// <summary>Remembers which commit a revision is, once all of it is there.</summary>
    public void Point(string commit)
    {
        if (commit != Id.Revision)
        {
            AtomicFile.WriteAllText(Path.Combine(_folder, "refs", Id.Revision), commit);
        }
    }

    /// <summary>Puts a blob that is there into a snapshot, by a link where the file system has them.</summary>
    public void Link(string commit, HubFile file)
    {
        var (path, blob) = (Path.Combine(SnapshotOf(commit), file.Name), BlobOf(file));
        SafeDirectory.Create(Path.GetDirectoryName(path)!);
        if (File.Exists(path))
        {
            return;
        }
        File.Delete(path);   // a link to a blob that is gone is there and yet does not exist
        try
        {
            File.CreateSymbolicLink(path, Path.GetRelativePath(Path.GetDirectoryName(path)!, blob));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or PlatformNotSupportedException)
        {
            File.Copy(blob, path);
        }
    }
}
