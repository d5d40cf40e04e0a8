using RlhfSharp.Experiments.Endpoints;

namespace RlhfSharp.Experiments.PinkElephants;

/// <summary>Lets a language model behind an endpoint answer dialogues.</summary>
internal static class EndpointAnswers
{
    private const string Step = "answers";

    /// <summary>Asks for one answer to each dialogue; what the transcript holds is not asked again.</summary>
    /// <param name="client">The model.</param>
    /// <param name="dialogues">What to answer.</param>
    /// <param name="seed">Another seed asks anew.</param>
    /// <param name="observer">Watches; may be null.</param>
    /// <param name="cancellationToken">Stops.</param>
    /// <returns>In the order of the dialogues.</returns>
    public static async Task<IReadOnlyList<string>> AskAsync(
        EndpointClient client, IReadOnlyList<PinkElephantDialogue> dialogues, long seed, IEndpointObserver? observer, CancellationToken cancellationToken)
    {
        observer?.OnStep(Step, dialogues.Count);
        var answers = new string[dialogues.Count];
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = client.Concurrency, CancellationToken = cancellationToken };
        await Parallel.ForAsync(0, dialogues.Count, parallel, async (i, token) =>
        {
            var request = new EndpointRequest($"{Step}/{seed}/{dialogues[i].Id}", dialogues[i].Prompt);
            answers[i] = Thoughts.Remove((await client.AskAsync(request, token).ConfigureAwait(false)).Text);
        }).ConfigureAwait(false);
        return answers;
    }
}
