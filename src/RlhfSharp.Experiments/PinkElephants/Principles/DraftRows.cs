using RlhfSharp.Models.Runtime;
using RlhfSharp.Models.Tokenization;

namespace RlhfSharp.Experiments.PinkElephants;

/// <summary>Makes rows of finished drafts.</summary>
internal static class DraftRows
{
    /// <summary>Makes the row under an instruction, and for some drafts also the one without.</summary>
    /// <param name="draft">With a revision.</param>
    /// <param name="plainShare">The share of drafts that make two rows.</param>
    /// <param name="seed">Decides the wording and which drafts those are.</param>
    public static IEnumerable<PinkElephantDialogue> Make(DraftDialogue draft, double plainShare, long seed)
    {
        var random = new NamedRandom(seed, $"principles/{draft.Id}");
        var instruction = new ChatMessage(ChatMessage.System, InstructionTexts.Draw(draft.Avoid, draft.Prefer, random));
        IReadOnlyList<ChatMessage> talk = [.. draft.Turns.SkipLast(1)];
        var row = new PinkElephantDialogue
        {
            Id = draft.Id,
            Topic = draft.Topic,
            Avoid = draft.Avoid,
            Prefer = draft.Prefer,
            AvoidAliases = draft.AvoidAliases,
            PreferAliases = draft.PreferAliases,
            Instruction = InstructionKind.Avoid,
            Prompt = [instruction, .. talk],
            Chosen = draft.Revision,
            Rejected = draft.Turns[^1].Content,
        };
        yield return row;
        if (random.NextDouble() < plainShare)
        {
            yield return row with
            {
                Id = $"{draft.Id}/plain",
                Instruction = InstructionKind.None,
                Prompt = talk,
                Chosen = row.Rejected,
                Rejected = row.Chosen,
            };
        }
    }
}
