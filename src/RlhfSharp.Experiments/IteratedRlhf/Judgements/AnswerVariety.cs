using RlhfSharp.Experiments.PinkElephants;
using RlhfSharp.Experiments.TinyWorld;
using RlhfSharp.Models.Runtime;

namespace RlhfSharp.Experiments.IteratedRlhf;

/// <summary>Draws answers of many kinds to a dialogue of the built-in world: written ones, good and bad, and damaged ones. A judge that has seen good answers only does not know what to make of what
/// a policy finds.</summary>
/// <param name="dialogue">The dialogue.</param>
/// <param name="critic">Knows what is forbidden and what is wanted.</param>
internal sealed class AnswerVariety(PinkElephantDialogue dialogue, AnswerCritic critic)
{
    private static readonly Func<string, AnswerVariety, NamedRandom, string>[] Damages =
    [
        CutOff, Shortened, Repeated, SaidTwice, Lengthened, WithWordsMixedUp, WithWordsReplaced, Glued, WithNameReplaced, AsWordList, Contradicted, (_, _, random) => OffTopic(random),
    ];

    private WorldTopic Topic => critic.Topic;

    /// <summary>Draws a written answer: about what is wanted, forbidden, or neither; to the point or not; of one sentence up to five.</summary>
    public string Written(NamedRandom random)
    {
        var thing = Thing(random);
        var late = random.Next(4) == 0 ? Thing(random) : null;
        var question = dialogue.Prompt[^1].Content;
        var asked = Topic.Occasions.FirstOrDefault(occasion => question.Contains(occasion, StringComparison.Ordinal));
        var occasion = asked is null || random.Next(4) == 0 ? Topic.Occasions[random.Next(Topic.Occasions.Count)] : asked;
        return random.Next(8) == 0 ? AnswerGrammar.DrawBrief(Topic, thing, occasion, random) : AnswerGrammar.Draw(Topic, thing, late, occasion, random);
    }

    /// <summary>Damages an answer in one of twelve ways.</summary>
    /// <param name="answer">An answer with at least one word.</param>
    /// <param name="random">Decides which, and the rest.</param>
    /// <returns>A text with at least one word.</returns>
    public string Damaged(string answer, NamedRandom random) => Damages[random.Next(Damages.Length)](answer, this, random);

    private string Thing(NamedRandom random) => random.Next(8) switch
    {
        < 4 => critic.Wanted,
        4 when critic.Forbidden is { } forbidden => forbidden,
        5 => dialogue.Prefer,
        6 => dialogue.Avoid,
        _ => DialogueWriter.Another(Topic, dialogue.Avoid, dialogue.Prefer, random),
    };

    // As where the tokens of an answer run out.
    private static string CutOff(string answer, AnswerVariety variety, NamedRandom random)
    {
        var words = answer.Split(' ');
        return string.Join(' ', words[..(1 + random.Next(words.Length))]);
    }

    private static string Shortened(string answer, AnswerVariety variety, NamedRandom random)
    {
        var sentences = AnswerCritic.Sentences(answer);
        var dropped = random.Next(sentences.Count);
        var left = sentences.Where((_, index) => index != dropped).ToList();
        return left.Count > 0 ? string.Join(' ', left) : answer;
    }

    private static string Repeated(string answer, AnswerVariety variety, NamedRandom random)
    {
        var sentences = AnswerCritic.Sentences(answer);
        var which = random.Next(sentences.Count);
        return string.Join(' ', [.. sentences.Take(which + 1), .. Enumerable.Repeat(sentences[which], 1 + random.Next(3)), .. sentences.Skip(which + 1)]);
    }

    private static string SaidTwice(string answer, AnswerVariety variety, NamedRandom random) => $"{answer} {answer}";

    // More of the same kind: longer, and often about more things.
    private static string Lengthened(string answer, AnswerVariety variety, NamedRandom random)
    {
        var more = AnswerCritic.Sentences(variety.Written(random));
        return string.Join(' ', [answer, .. more.Skip(random.Next(more.Count))]);
    }

    private static string WithWordsMixedUp(string answer, AnswerVariety variety, NamedRandom random)
    {
        var sentences = AnswerCritic.Sentences(answer).ToArray();
        ref var sentence = ref sentences[random.Next(sentences.Length)];
        var words = sentence.Split(' ');
        random.Shuffle(words.AsSpan());
        sentence = string.Join(' ', words);
        return string.Join(' ', sentences);
    }

    // As a model that has forgotten what goes with what: some words are others of the topic.
    private static string WithWordsReplaced(string answer, AnswerVariety variety, NamedRandom random)
    {
        var others = variety.Written(random).Split(' ');
        return string.Join(' ', answer.Split(' ').Select(word => random.Next(4) == 0 ? others[random.Next(others.Length)] : word));
    }

    // Sentences that begin as one and end as another.
    private static string Glued(string answer, AnswerVariety variety, NamedRandom random)
    {
        var others = AnswerCritic.Sentences(variety.Written(random)).Select(sentence => sentence.Split(' ')).ToList();
        return string.Join(' ', AnswerCritic.Sentences(answer).Select(sentence =>
        {
            var (words, other) = (sentence.Split(' '), others[random.Next(others.Count)]);
            return random.Next(3) == 0 ? sentence : string.Join(' ', [.. words[..(1 + random.Next(words.Length))], .. other[random.Next(other.Length)..]]);
        }));
    }

    private static string WithNameReplaced(string answer, AnswerVariety variety, NamedRandom random)
    {
        var named = variety.Topic.Entities.Where(thing => answer.Contains(variety.Topic.Named(thing), StringComparison.Ordinal)).ToList();
        return named.Count == 0 ? variety.Written(random)
            : answer.Replace(variety.Topic.Named(named[random.Next(named.Count)]), variety.Topic.Named(variety.Thing(random)), StringComparison.Ordinal);
    }

    private static string AsWordList(string answer, AnswerVariety variety, NamedRandom random)
    {
        var (topic, words) = (variety.Topic, new List<string> { variety.Thing(random) });
        for (var left = 2 + random.Next(12); left > 0; left--)
        {
            words.Add(random.Next(4) == 0 ? topic.Places[random.Next(topic.Places.Count)] : topic.Qualities[random.Next(topic.Qualities.Count)]);
        }
        return string.Join(random.Next(2) == 0 ? " " : ", ", words);
    }

    private static string Contradicted(string answer, AnswerVariety variety, NamedRandom random)
    {
        var topic = variety.Topic;
        var given = topic.Qualities.Where(quality => answer.Contains(quality, StringComparison.Ordinal)).ToList();
        var denied = given.Count > 0 ? given[random.Next(given.Count)] : topic.Qualities[random.Next(topic.Qualities.Count)];
        return $"{answer} It seems {topic.Qualities[random.Next(topic.Qualities.Count)]} but never {denied}.";
    }

    private static string OffTopic(NamedRandom random)
    {
        var topic = Lexicon.Topics[random.Next(Lexicon.Topics.Count)];
        return AnswerGrammar.Draw(topic, topic.Entities[random.Next(topic.Entities.Count)], null, topic.Occasions[random.Next(topic.Occasions.Count)], random);
    }
}
