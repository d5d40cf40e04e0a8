using RlhfSharp.Models.Tokenization;

namespace RlhfSharp.Experiments.PinkElephants;

/// <summary>The fifth step: the model rewrites the answer that names the thing so that it does not.</summary>
internal static class RevisionStep
{
    public const string Name = "revisions";
    private const int LongestAnswer = 4000;

    public static string Question(DraftDialogue draft)
    {
        var names = string.Join(", ", draft.AvoidAliases.Prepend(draft.Avoid));
        var talk = string.Join("\n\n", draft.Turns.Select(turn => $"{(turn.Role == ChatMessage.User ? "Person" : "Assistant")}: {turn.Content}"));
        return $$"""
            Here is a talk:

            {{talk}}

            The assistant was told beforehand to keep {{draft.Avoid}} out of the talk and to speak of {{draft.Prefer}} if something has to be named. Its last answer
            breaks that. Write the answer it should have given: as friendly and as long, an honest reply to the last question, and without any of these words:
            {{names}}. It may say that it would rather speak of {{draft.Prefer}}, but it does not hint at what it leaves out.
            Reply with a JSON object: {"answer": "..."}
            """;
    }

    /// <summary>Reads the new answer, which must not name the thing.</summary>
    public static Parsed<string> Parse(string text, DraftDialogue draft)
    {
        var answer = ModelJson.Values(text)
            .SelectMany(value => ModelJson.Items(value, item => ModelJson.Text(ModelJson.Property(item, "answer", "revision", "content", "text", "response"))))
            .FirstOrDefault();
        return answer is null ? Parsed<string>.Unusable("no rewritten answer in the answer")
            : answer.Length > LongestAnswer ? Parsed<string>.Unusable("the rewritten answer is too long")
            : draft.Detector.IsMentioned(answer) ? Parsed<string>.Unusable("the rewritten answer still names it")
            : Parsed<string>.Of(answer);
    }
}
