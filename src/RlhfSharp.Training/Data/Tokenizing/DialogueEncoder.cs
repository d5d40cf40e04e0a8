using RlhfSharp.Models.Runtime;
using RlhfSharp.Models.Tokenization;

namespace RlhfSharp.Training.Data;

/// <summary>Writes rows out as tokens, segment by segment, so that the border of an answer is a border of tokens; each goes on from the one before.</summary>
/// <remarks>As in trlX, an end-of-sequence token closes the last answer unless the answer ends with one. What a chat format writes after the last
/// answer is left out: nothing follows from it.</remarks>
/// <param name="tokenizer">The model's tokenizer.</param>
/// <param name="chatFormat">Writes dialogues out; null when there are only texts.</param>
/// <param name="addsBos">Whether texts, and dialogues whose format wants it, are put behind the token that begins a text.</param>
internal sealed class DialogueEncoder(Tokenizer tokenizer, IChatFormat? chatFormat, bool addsBos)
{
    /// <summary>Encodes text of which everything is to be learnt.</summary>
    public EncodedDialogue Text(string text)
    {
        var encoded = Encode([new ChatSegment(text, IsAnswer: true)], firstAnswer: 0, lastExchange: 0, mustKeepFrom: 0, isChat: false);
        return encoded with { MustKeepFrom = encoded.Tokens.Length, IsPlainText = true };
    }

    /// <summary>Encodes a whole dialogue, all of whose assistant turns are answers. The last answer is what follows the last user turn.</summary>
    public EncodedDialogue Dialogue(IReadOnlyList<ChatMessage> messages)
    {
        var lastExchange = AnswersBeforeLastUserTurn(messages);
        return Encode(Render(messages), firstAnswer: 0, lastExchange, mustKeepFrom: lastExchange, isChat: true);
    }

    /// <summary>Encodes a completion, which alone is the answer, behind its prompt if it has one.</summary>
    public EncodedDialogue Completion(Passage? prompt, Passage completion)
    {
        if (!completion.IsConversational)
        {
            var answer = new ChatSegment(completion.Text, IsAnswer: true);
            return Encode(prompt is null ? [answer] : [new ChatSegment(prompt.Text, IsAnswer: false), answer], 0, 0, 0, isChat: false);
        }
        IReadOnlyList<ChatMessage> turns = prompt?.Messages ?? [];
        var firstAnswer = turns.Count(IsAssistant);
        return Encode(Render([.. turns, .. completion.Messages]), firstAnswer, AnswersBeforeLastUserTurn(turns), firstAnswer, isChat: true);
    }

    /// <param name="segments">What is written.</param>
    /// <param name="firstAnswer">Which of the answers, from 0, is the first that counts as one; earlier ones are context.</param>
    /// <param name="lastExchange">How many answers stand before the last user turn that may not be cut lightly.</param>
    /// <param name="mustKeepFrom">Which of the answers is the first that must stay whole.</param>
    /// <param name="isChat">Whether the chat format has written them.</param>
    private EncodedDialogue Encode(IReadOnlyList<ChatSegment> segments, int firstAnswer, int lastExchange, int mustKeepFrom, bool isChat)
    {
        var isBehindBos = addsBos && (!isChat || chatFormat!.BeginsWithBos);
        var pieces = tokenizer.EncodePieces(segments.Select(segment => segment.Text), isChat && isBehindBos ? chatFormat!.Start : TextStart.Nothing);
        var tokens = new List<int>();
        var isAnswer = new List<bool>();
        var answers = new List<EncodedAnswer>();
        var last = segments.Count - 1;
        while (!segments[last].IsAnswer)
        {
            last--;
        }
        for (var i = 0; i <= last; i++)
        {
            var start = tokens.Count;
            tokens.AddRange(pieces[i]);
            if (segments[i].IsAnswer && tokens.Count == start)
            {
                throw new BadRowException("has an answer of which the tokenizer makes no token");
            }
            var textEnd = tokens.Count;
            if (i == last && tokenizer.EosId is { } end && tokens[^1] != end)
            {
                tokens.Add(end);
            }
            isAnswer.AddRange(Enumerable.Repeat(segments[i].IsAnswer && answers.Count >= firstAnswer, tokens.Count - start));
            if (segments[i].IsAnswer)
            {
                answers.Add(new EncodedAnswer(start, textEnd, tokens.Count, segments[i].Text));
            }
        }
        return new EncodedDialogue
        {
            Tokens = [.. tokens],
            IsAnswer = [.. isAnswer],
            IsBehindBos = isBehindBos,
            Answers = [.. answers.Skip(firstAnswer)],
            // Where the model speaks twice and nothing is written in between, no exchange begins.
            Borders = [0, .. answers.Take(lastExchange).Select(answer => answer.End).Where(border => !isAnswer[border])],
            MustKeepFrom = answers[mustKeepFrom].Start,
        };
    }

    private IReadOnlyList<ChatSegment> Render(IReadOnlyList<ChatMessage> messages)
    {
        if (chatFormat is null)
        {
            throw new InputException("The data holds dialogues, and no chat format says how to write them out. Set chatFormat.");
        }
        IReadOnlyList<ChatSegment> segments;
        try
        {
            segments = chatFormat.Render(messages);
        }
        catch (InputException exception)
        {
            throw new BadRowException($"does not fit the chat format {chatFormat.Name}: {exception.Message.TrimEnd('.')}");
        }
        // Answers are told apart by counting them.
        return segments.Count(segment => segment.IsAnswer) == messages.Count(IsAssistant) ? segments
            : throw new BadRowException($"has another number of assistant turns than the chat format {chatFormat.Name} writes answers for it");
    }

    private static int AnswersBeforeLastUserTurn(IReadOnlyList<ChatMessage> messages)
    {
        var lastUser = messages.Count - 1;
        while (lastUser >= 0 && messages[lastUser].Role != ChatMessage.User)
        {
            lastUser--;
        }
        return messages.Take(Math.Max(0, lastUser)).Count(IsAssistant);
    }

    private static bool IsAssistant(ChatMessage message) => message.Role == ChatMessage.Assistant;
}
