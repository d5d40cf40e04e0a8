using System.Security.Cryptography;
using System.Text;
using RlhfSharp.Models.Checkpoints;
using RlhfSharp.Models.Runtime;

namespace RlhfSharp.Models.Hub;

/// <summary>Fetches models from the Hugging Face Hub into its cache: what is there already is not fetched again, what was cut off goes on.</summary>
public static class HubDownload
{
    private const string Unfinished = ".incomplete";

    private static readonly string[] WantedEndings = [".json", ".safetensors", ".model", ".jinja", "merges.txt", "vocab.txt", "vocab.bpe"];

    /// <summary>Finds a model that was fetched before.</summary>
    /// <param name="id">The model.</param>
    /// <param name="options">Where the cache lies.</param>
    /// <returns>Its folder; null if nothing of it is there.</returns>
    public static string? Find(HubModelId id, HubOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        return new HubCache(options.CacheDirectory, id).FindSnapshot() is { } folder && Checkpoint.Exists(folder) ? folder : null;
    }

    /// <summary>Fetches a model.</summary>
    /// <param name="id">The model.</param>
    /// <param name="options">From where, to where.</param>
    /// <param name="progress">Is told which share of the bytes is there; may be null.</param>
    /// <param name="time">The clock.</param>
    /// <param name="cancellationToken">Stops; what was fetched so far is kept.</param>
    /// <returns>The folder of the checkpoint.</returns>
    /// <exception cref="InputException">The model does not exist or cannot be read, has no safetensors, or bytes are not those that the Hub announces; or offline:
    /// it was not fetched before.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public static async Task<string> FetchAsync(HubModelId id, HubOptions options, IProgress<double>? progress, TimeProvider time, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(id);
        ArgumentNullException.ThrowIfNull(options);
        if (options.IsOffline)
        {
            return Find(id, options) ?? throw new InputException($"'{id}' is not in the cache '{options.CacheDirectory}', and nothing may be fetched offline.");
        }
        var cache = new HubCache(options.CacheDirectory, id);
        using var connection = new HubConnection(options, time);
        var (commit, names) = await ListAsync(connection, id, options, cancellationToken).ConfigureAwait(false);
        var limits = new ParallelOptions { MaxDegreeOfParallelism = options.Concurrency, CancellationToken = cancellationToken };
        var files = new HubFile[names.Count];
        await Parallel.ForAsync(0, names.Count, limits, async (i, token) =>
            files[i] = await connection.DescribeAsync(names[i], Address(options, $"{id.Name}/resolve/{commit}/{names[i]}"), token).ConfigureAwait(false)).ConfigureAwait(false);
        cache.Prepare(commit);
        var total = new ByteCount(files.Sum(file => file.Size), progress);
        // Blobs of the same content are one file.
        await Parallel.ForEachAsync(files.GroupBy(file => file.Etag), limits, async (same, token) =>
        {
            await FetchAsync(connection, cache, same.First(), total, token).ConfigureAwait(false);
            total.Add(same.Skip(1).Sum(file => file.Size));
        }).ConfigureAwait(false);
        foreach (var file in files)
        {
            cache.Link(commit, file);
        }
        cache.Point(commit);
        return cache.SnapshotOf(commit);
    }

    private static async Task<(string Commit, IReadOnlyList<string> Names)> ListAsync(HubConnection connection, HubModelId id, HubOptions options, CancellationToken cancellationToken)
    {
        var address = Address(options, $"api/models/{id.Name}/revision/{Uri.EscapeDataString(id.Revision)}");
        using var json = await connection.GetJsonAsync(address, cancellationToken).ConfigureAwait(false);
        try
        {
            var commit = json.RootElement.GetProperty("sha").GetString()!;
            var all = json.RootElement.GetProperty("siblings").EnumerateArray().Select(file => file.GetProperty("rfilename").GetString()!).ToList();
            if (commit.Length == 0 || !commit.All(char.IsAsciiLetterOrDigit))
            {
                throw new FormatException("the commit is no hash");
            }
            var wanted = all.Where(IsWanted).Order(StringComparer.Ordinal).ToList();
            return wanted.Any(name => name.EndsWith(".safetensors", StringComparison.Ordinal))
                ? (commit, wanted)
                : throw new InputException(all.Any(name => name.EndsWith(".bin", StringComparison.Ordinal) || name.EndsWith(".pt", StringComparison.Ordinal))
                    ? $"'{id}' has its weights as a pickle only, which can run code when it is read. Convert it once in Python: "
                        + $"AutoModel.from_pretrained('{id.Name}').save_pretrained(FOLDER), then use the folder."
                    : $"'{id}' has no weights as .safetensors.");
        }
        catch (Exception exception) when (exception is FormatException or KeyNotFoundException or InvalidOperationException or NullReferenceException)
        {
            throw new InputException($"{address} does not describe a model: {exception.Message}", exception);
        }
    }

    // What a checkpoint is read from: files of the repository's own folder only. The name becomes a path and must not leave it.
    private static bool IsWanted(string name) =>
        name.IndexOfAny(['/', '\\', ':']) < 0 && !name.StartsWith('.') && WantedEndings.Any(ending => name.EndsWith(ending, StringComparison.Ordinal));

    private static Uri Address(HubOptions options, string path) => new(new Uri($"{options.Endpoint.AbsoluteUri.TrimEnd('/')}/"), path);

    private static async Task FetchAsync(HubConnection connection, HubCache cache, HubFile file, ByteCount total, CancellationToken cancellationToken)
    {
        var blob = cache.BlobOf(file);
        if (File.Exists(blob) && new FileInfo(blob).Length == file.Size)
        {
            total.Add(file.Size);
            return;
        }
        var path = blob + Unfinished;
        using (var stream = OpenAlone(path))
        {
            if (stream.Length > file.Size)
            {
                stream.SetLength(0);
            }
            stream.Position = stream.Length;
            total.Add(stream.Length);
            if (stream.Length < file.Size)
            {
                await connection.ReadAsync(
                    file.Address,
                    () => stream.Length,
                    () =>
                    {
                        total.Add(-stream.Length);
                        stream.SetLength(0);
                        stream.Position = 0;
                    },
                    async (bytes, token) =>
                    {
                        if (stream.Length + bytes.Length > file.Size)
                        {
                            stream.SetLength(0);
                            throw new InputException($"'{file.Name}' is longer than the {file.Size} bytes that the Hub announces. It was thrown away; try again.");
                        }
                        await stream.WriteAsync(bytes, token).ConfigureAwait(false);
                        total.Add(bytes.Length);
                    },
                    cancellationToken).ConfigureAwait(false);
            }
            if (stream.Length < file.Size)
            {
                throw new InputException($"'{file.Name}' ended after {stream.Length} of {file.Size} bytes. What came is kept; the same command goes on from there.");
            }
            stream.Flush(flushToDisk: true);
            stream.Position = 0;
            if (!await IsGenuineAsync(stream, file, cancellationToken).ConfigureAwait(false))
            {
                stream.SetLength(0);
                throw new InputException($"'{file.Name}' is not what the Hub announces: its hash is not {file.Etag}. It was thrown away; try again.");
            }
        }
        File.Move(path, blob, overwrite: true);
    }

    private static FileStream OpenAlone(string path)
    {
        try
        {
            return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (Exception exception) when (FileErrors.Is(exception))
        {
            throw new InputException($"'{path}' cannot be written: {FileErrors.Describe(exception)} Perhaps another program is fetching the same model.", exception);
        }
    }

    // 64 digits: SHA-256 of the content. 40 digits: Git's SHA-1 of "blob SIZE\0" and the content. Anything else says nothing about the content.
    private static async Task<bool> IsGenuineAsync(Stream content, HubFile file, CancellationToken cancellationToken)
    {
        if (file.Etag.Length == 64)
        {
            return Convert.ToHexStringLower(await SHA256.HashDataAsync(content, cancellationToken).ConfigureAwait(false)) == file.Etag.ToLowerInvariant();
        }
        if (file.Etag.Length != 40)
        {
            return true;
        }
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA1);
        hash.AppendData(Encoding.ASCII.GetBytes($"blob {file.Size}\0"));
        var buffer = new byte[1 << 16];
        while (await content.ReadAsync(buffer, cancellationToken).ConfigureAwait(false) is > 0 and var count)
        {
            hash.AppendData(buffer, 0, count);
        }
        return Convert.ToHexStringLower(hash.GetHashAndReset()) == file.Etag.ToLowerInvariant();
    }

    /// <summary>Counts bytes of several files at once.</summary>
    private sealed class ByteCount(long total, IProgress<double>? progress)
    {
        private long _done;

        public void Add(long count)
        {
            var done = Interlocked.Add(ref _done, count);
            progress?.Report(total == 0 ? 1 : (double)done / total);
        }
    }
}
