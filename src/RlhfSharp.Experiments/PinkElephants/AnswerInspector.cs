using RlhfSharp.Experiments.TinyWorld;

namespace RlhfSharp.Experiments.PinkElephants;

/// <summary>Looks at answers: which things they name, and whether they are well-formed.</summary>
/// <remarks>The third things of a topic are those of its dialogues, and for a topic of the built-in world all of that world.</remarks>
public sealed class AnswerInspector
{
    private static readonly Dictionary<string, WorldTopic> BuiltIn = Lexicon.Topics.ToDictionary(topic => topic.Name, StringComparer.Ordinal);

    private readonly Dictionary<string, MentionDetector> _detectors = new(StringComparer.Ordinal);
    private readonly Dictionary<string, IReadOnlyList<string>> _things;

    /// <summary>Initializes the inspector.</summary>
    /// <param name="dialogues">Those whose answers will be looked at, at least.</param>
    public AnswerInspector(IReadOnlyList<PinkElephantDialogue> dialogues)
    {
        ArgumentNullException.ThrowIfNull(dialogues);
        _things = dialogues.GroupBy(dialogue => dialogue.Topic, StringComparer.Ordinal).ToDictionary(
            topic => topic.Key,
            topic => (IReadOnlyList<string>)[.. topic.SelectMany(dialogue => new[] { dialogue.Avoid, dialogue.Prefer })
                .Concat(BuiltIn.TryGetValue(topic.Key, out var known) ? known.Entities : [])
                .Distinct(StringComparer.Ordinal)],
            StringComparer.Ordinal);
        // A thing's aliases may stand in some of its dialogues only.
        var aliases = dialogues
            .SelectMany(dialogue => new[] { (Thing: dialogue.Avoid, Aliases: dialogue.AvoidAliases), (Thing: dialogue.Prefer, Aliases: dialogue.PreferAliases) })
            .ToLookup(named => named.Thing, named => named.Aliases, StringComparer.Ordinal);
        foreach (var thing in _things.Values.SelectMany(things => things).Distinct(StringComparer.Ordinal))
        {
            _detectors[thing] = new MentionDetector(thing, aliases[thing].SelectMany(names => names).Distinct(StringComparer.Ordinal));
        }
    }

    /// <summary>Tells whether answers about a topic can be well-formed or not.</summary>
    /// <param name="topic">A topic's name.</param>
    /// <returns>True for those of the built-in world, which alone has a grammar.</returns>
    public static bool HasGrammar(string topic) => BuiltIn.ContainsKey(topic);

    /// <summary>Looks at an answer.</summary>
    /// <param name="dialogue">One of the dialogues given at the start.</param>
    /// <param name="answer">What was said.</param>
    /// <returns>What the answer is like.</returns>
    public AnsweredDialogue Inspect(PinkElephantDialogue dialogue, string answer)
    {
        ArgumentNullException.ThrowIfNull(dialogue);
        var text = answer.Trim();
        return new AnsweredDialogue(
            dialogue,
            text,
            _detectors[dialogue.Avoid].IsMentioned(text),
            _detectors[dialogue.Prefer].IsMentioned(text),
            _things[dialogue.Topic].Any(thing => thing != dialogue.Avoid && thing != dialogue.Prefer && _detectors[thing].IsMentioned(text)),
            BuiltIn.TryGetValue(dialogue.Topic, out var topic) ? AnswerGrammar.IsWellFormed(text, topic) : null);
    }

    /// <summary>Finds the first mention of a thing.</summary>
    /// <param name="thing">A thing of one of the dialogues.</param>
    /// <param name="answer">A text.</param>
    /// <returns>The mention; null when there is none.</returns>
    public Mention? FirstMention(string thing, string answer) => _detectors[thing].Find(answer) is [var first, ..] ? first : null;
}
