using RlhfSharp.Models.Runtime;

namespace RlhfSharp.Experiments.TinyWorld;

/// <summary>How people ask in the built-in world: about a topic at large, or about one of its things by name.</summary>
internal static class QuestionGrammar
{
    private static readonly string[] Leads = ["", "Hello. ", "Quick question: ", "I need some help. ", "Please be honest. ", "One more thing. "];

    private static readonly Phrase[] Open =
    [
        "Which {noun} would you suggest {occasion}?",
        "What is a good {noun} {occasion}?",
        "Can you name {a-quality} {noun} {occasion}?",
        "I need a new {noun} {occasion}. What do you think?",
        "Which {noun} do you like best {occasion}?",
        "Tell me about a good {noun} {occasion}.",
        "Do you know {a-quality} {noun} {occasion}?",
        "Help me pick a {noun} {occasion}.",
    ];

    private static readonly Phrase[] Naming =
    [
        "Would you suggest {entity} {occasion}?",
        "Is {entity} a good {noun} {occasion}?",
        "What do you think of {entity} {occasion}?",
        "I keep hearing about {entity}. Which {noun} would you suggest {occasion}?",
        "My friend loves {entity}. What is a good {noun} {occasion}?",
        "Should I choose {entity} {occasion}?",
        "How would {entity} do {occasion}?",
        "Tell me whether {entity} is right {occasion}.",
    ];

    private static readonly string[] BriefLeads = ["In a few words: ", "Be brief. ", "A short answer, please. "];

    private static readonly (string Question, string Answer)[] TalkOfOne =
    [
        ("Yesterday we spoke of {entity}.", "Yes, it is {quality}."),
        ("I already know {entity}.", "It is quite {quality}."),
        ("My friend told me about {entity}.", "People find it {quality}."),
        ("I have read about {entity}.", "So you know that it is {quality}."),
    ];

    private static readonly (string Question, string Answer)[] SmallTalk =
    [
        ("Do you know much about {topic}?", "Yes, I like to talk about {topic}."),
        ("I want to talk about {topic}.", "Good idea, I know many {topic}."),
        ("May I ask you about {topic}?", "Of course, go ahead."),
        ("I need your help with {topic}.", "I am happy to help."),
        ("Are you good at {topic}?", "I know a little about {topic}."),
    ];

    /// <summary>Gets the number of phrasings, slots not counted.</summary>
    public static int PhrasingCount => Leads.Length * (Open.Length + Naming.Length);

    /// <summary>Draws a question.</summary>
    /// <param name="topic">Its topic.</param>
    /// <param name="entity">The thing it names; null for none.</param>
    /// <param name="random">Decides the rest.</param>
    /// <returns>The question and the occasion it speaks of.</returns>
    public static (string Text, string Occasion) Draw(WorldTopic topic, string? entity, NamedRandom random) => Draw(topic, entity, Leads, random);

    /// <summary>Draws a question that wants an answer of one sentence; otherwise as <see cref="Draw(WorldTopic, string?, NamedRandom)"/>.</summary>
    public static (string Text, string Occasion) DrawBrief(WorldTopic topic, string? entity, NamedRandom random) => Draw(topic, entity, BriefLeads, random);

    /// <summary>Draws an exchange that may come first.</summary>
    /// <param name="topic">Its topic.</param>
    /// <param name="entity">The thing it names; null for none.</param>
    /// <param name="random">Decides the rest.</param>
    public static (string Question, string Answer) DrawSmallTalk(WorldTopic topic, string? entity, NamedRandom random)
    {
        var words = PhraseWords.Draw(topic, random) with { Entity = entity ?? string.Empty };
        var exchanges = entity is null ? SmallTalk : TalkOfOne;
        var (question, answer) = exchanges[random.Next(exchanges.Length)];
        return (((Phrase)question).Write(words), ((Phrase)answer).Write(words));
    }

    private static (string Text, string Occasion) Draw(WorldTopic topic, string? entity, string[] leads, NamedRandom random)
    {
        var words = PhraseWords.Draw(topic, random) with { Entity = entity ?? string.Empty };
        var phrases = entity is null ? Open : Naming;
        return (leads[random.Next(leads.Length)] + phrases[random.Next(phrases.Length)].Write(words), words.Occasion);
    }
}
