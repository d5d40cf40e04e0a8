using RlhfSharp.Experiments.Endpoints;
using RlhfSharp.Models.Tokenization;

namespace RlhfSharp.Experiments.PinkElephants;

/// <summary>Asks until an answer can be used, and counts those that cannot.</summary>
/// <param name="client">The model.</param>
/// <param name="drops">Where they are counted.</param>
/// <param name="reasks">How often a question is asked again.</param>
internal sealed class Asker(EndpointClient client, DropCounts drops, int reasks)
{
    private static readonly ChatMessage Manner = new(
        ChatMessage.System, "You write data for training a chat assistant. Reply with JSON and nothing else: no greeting, no explanation, no code fence.");

    /// <summary>Asks one question.</summary>
    /// <param name="step">The first part of the requests' ids.</param>
    /// <param name="id">The second part; the third is the number of the try.</param>
    /// <param name="question">The question.</param>
    /// <param name="parse">Makes something of an answer.</param>
    /// <param name="tries">How often to ask at most; null for the usual number.</param>
    /// <param name="cancellationToken">Stops.</param>
    /// <returns>What was found; null if no answer could be used.</returns>
    public async Task<T?> AskAsync<T>(
        string step, string id, string question, Func<string, Parsed<T>> parse, int? tries, CancellationToken cancellationToken)
        where T : class
    {
        var problem = string.Empty;
        for (var i = 1; i <= (tries ?? reasks + 1); i++)
        {
            var parsed = await AskOnceAsync(step, $"{step}/{id}/{i}", question + Hint(problem), parse, cancellationToken).ConfigureAwait(false);
            if (parsed.Value is not null)
            {
                return parsed.Value;
            }
            problem = parsed.Problem;
        }
        return null;
    }

    /// <summary>Asks for more and more entries of a list until there are enough, or answers bring nothing new.</summary>
    /// <param name="step">The first part of the requests' ids.</param>
    /// <param name="id">The second part, which may be empty; the third is the number of the round.</param>
    /// <param name="wanted">How many entries.</param>
    /// <param name="list">What the list is.</param>
    /// <param name="cancellationToken">Stops.</param>
    /// <returns>In order, at most as many as wanted.</returns>
    public async Task<IReadOnlyList<T>> CollectAsync<T>(string step, string id, int wanted, ListRequest<T> list, CancellationToken cancellationToken)
        where T : class
    {
        var entries = new List<T>();
        var (barren, problem) = (0, string.Empty);
        for (var round = 1; entries.Count < wanted && barren <= reasks; round++)
        {
            var question = list.Question(Math.Min(list.Batch, wanted - entries.Count), entries);
            var requestId = id.Length == 0 ? $"{step}/{round}" : $"{step}/{id}/{round}";
            var parsed = await AskOnceAsync(step, requestId, question + Hint(problem), list.Parse, cancellationToken).ConfigureAwait(false);
            var before = entries.Count;
            foreach (var entry in parsed.Value ?? [])
            {
                if (list.Refuse(entry, entries) is { } reason)
                {
                    drops.Add(step, reason);
                }
                else if (entries.Count < wanted)
                {
                    entries.Add(entry);
                }
            }
            (barren, problem) = entries.Count > before ? (0, string.Empty) : (barren + 1, parsed.Value is null ? parsed.Problem : "it brought nothing new");
        }
        drops.Add(step, "fewer than asked for", wanted - entries.Count);
        return entries;
    }

    // Said only after a failure. Without it, a server that caches would give the same answer again.
    private static string Hint(string problem) => problem.Length == 0 ? string.Empty : $"\n\nAn earlier reply could not be used: {problem}.";

    private async Task<Parsed<T>> AskOnceAsync<T>(
        string step, string id, string question, Func<string, Parsed<T>> parse, CancellationToken cancellationToken)
        where T : class
    {
        var answer = await client.AskAsync(new EndpointRequest(id, [Manner, new ChatMessage(ChatMessage.User, question)]), cancellationToken).ConfigureAwait(false);
        var parsed = parse(Thoughts.Remove(answer.Text));
        if (parsed.Value is null)
        {
            drops.Add(step, parsed.Problem);
        }
        return parsed;
    }
}
