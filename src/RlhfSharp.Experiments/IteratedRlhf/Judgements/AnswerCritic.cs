using System.Collections.Concurrent;
using System.Text.RegularExpressions;
using RlhfSharp.Experiments.Dialogues;
using RlhfSharp.Experiments.PinkElephants;
using RlhfSharp.Experiments.TinyWorld;
using RlhfSharp.Models.Tokenization;

namespace RlhfSharp.Experiments.IteratedRlhf;

/// <summary>Reads answers to one dialogue of the built-in world and judges them by <see cref="WrittenJudgement"/>.</summary>
internal sealed partial class AnswerCritic
{
    private const double WelcomeFit = 1;
    private const double OtherThingOfDialogueFit = 0.5;   // nothing forbids it, and it was not asked about
    private const double ThirdThingFit = 0.4;
    private const string Denial = "never ";

    private static readonly ConcurrentDictionary<string, MentionDetector> Detectors = new(StringComparer.Ordinal);

    private readonly WorldTopic _topic;
    private readonly string? _occasion;

    /// <summary>Initializes a critic of answers to a dialogue.</summary>
    /// <param name="dialogue">A dialogue about a topic of the built-in world.</param>
    /// <exception cref="ArgumentException">The built-in world does not know its topic.</exception>
    public AnswerCritic(PinkElephantDialogue dialogue)
    {
        _topic = Lexicon.Topics.FirstOrDefault(topic => topic.Name == dialogue.Topic)
            ?? throw new ArgumentException($"The built-in world has no topic '{dialogue.Topic}'.", nameof(dialogue));
        var isAvoid = dialogue.Instruction == InstructionKind.Avoid;
        (Wanted, Second) = isAvoid ? (dialogue.Prefer, null) : (dialogue.Avoid, dialogue.Prefer);
        // An instruction that is about something else forbids a third thing, which stands nowhere but in its words.
        Forbidden = isAvoid ? dialogue.Avoid
            : dialogue.Prompt.FirstOrDefault(turn => turn.Role == ChatMessage.System) is { } instruction
            ? _topic.Entities.FirstOrDefault(thing => thing != dialogue.Avoid && thing != dialogue.Prefer && Names(thing, instruction.Content))
            : null;
        var question = dialogue.Prompt[^1].Content;
        _occasion = _topic.Occasions.Where(occasion => question.Contains(occasion, StringComparison.Ordinal)).MaxBy(occasion => occasion.Length);
    }

    /// <summary>Gets what must not be named; null where nothing is forbidden.</summary>
    public string? Forbidden { get; }

    /// <summary>Gets what an answer should be about.</summary>
    public string Wanted { get; }

    /// <summary>Gets what the dialogue speaks of besides, if it may be named.</summary>
    public string? Second { get; }

    /// <summary>Gets the topic.</summary>
    public WorldTopic Topic => _topic;

    /// <summary>Judges an answer.</summary>
    /// <returns>See <see cref="WrittenJudgement.Score"/>.</returns>
    public double Judge(string answer) => WrittenJudgement.Score(Read(answer));

    /// <summary>Notes what an answer is like.</summary>
    public AnswerNotes Read(string answer)
    {
        var sentences = Sentences(answer);
        var readable = sentences.Where(sentence => AnswerGrammar.IsSentence(sentence, _topic)).ToList();
        var words = sentences.Sum(WordCount.Of);
        var text = string.Join(' ', readable);
        var things = _topic.Entities.Where(thing => Names(thing, text)).ToList();
        var denied = _topic.Qualities.Where(quality => Has(text, Denial + quality)).ToList();
        // Without the words by which it is denied, a quality that remains was given as well.
        var given = _topic.Qualities.Where(quality => Has(text.Replace(Denial + quality, string.Empty, StringComparison.Ordinal), quality)).ToList();
        return new AnswerNotes
        {
            Forbidden = Forbidden is { } forbidden ? Detector(forbidden).Find(answer).Count : 0,
            Fit = things.Count == 0 ? 0 : things.Max(Fit),
            Digressions = Math.Max(0, things.Count - 1),
            Occasion = OccasionOf(text),
            Qualities = given.Count,
            Contradictions = given.Intersect(denied).Count(),
            TellsPlace = _topic.Places.Any(place => Has(text, place)),
            Words = words,
            Readable = words == 0 ? 0 : readable.Sum(WordCount.Of) / (double)words,
            Repeated = sentences.Count == 0 ? 0 : 1 - sentences.Distinct(StringComparer.Ordinal).Count() / (double)sentences.Count,
            IsFinished = sentences.Count > 0 && AnswerGrammar.IsSentence(sentences[^1], _topic),
        };
    }

    /// <summary>Splits an answer behind points and question marks.</summary>
    internal static IReadOnlyList<string> Sentences(string answer) => [.. SentenceEnd().Split(answer.Trim()).Where(sentence => sentence.Length > 0)];

    private double Fit(string thing) => thing == Wanted ? WelcomeFit : thing == Second ? OtherThingOfDialogueFit : ThirdThingFit;

    private Occasion OccasionOf(string text)
    {
        // Without the one that was asked about: 'on a cold night' is not spoken of where a longer one contains it.
        var others = _topic.Occasions.Any(occasion => occasion != _occasion && Has(text, occasion));
        return _occasion is { } asked && Has(text, asked) ? Occasion.TakenUp : others ? Occasion.Missed : Occasion.Unmentioned;
    }

    private static bool Names(string thing, string text) => Detector(thing).IsMentioned(text);

    private static MentionDetector Detector(string thing) => Detectors.GetOrAdd(thing, name => new MentionDetector(name));

    // As whole words. What is looked for begins and ends with a letter.
    private static bool Has(string text, string words)
    {
        for (var at = text.IndexOf(words, StringComparison.Ordinal); at >= 0; at = text.IndexOf(words, at + 1, StringComparison.Ordinal))
        {
            var end = at + words.Length;
            if ((at == 0 || !char.IsLetter(text[at - 1])) && (end == text.Length || !char.IsLetter(text[end])))
            {
                return true;
            }
        }
        return false;
    }

    [GeneratedRegex(@"(?<=[.?!])\s+")]
    private static partial Regex SentenceEnd();
}
