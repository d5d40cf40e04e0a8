using RlhfSharp.Models.Runtime;
using RlhfSharp.Models.Tokenization;

namespace RlhfSharp.Experiments.TinyWorld;

/// <summary>Words without sense, said again twice: nothing but copying helps, so copying is learnt first.</summary>
internal static class ReciteLesson
{
    private const int FewestWords = 20;
    private const int MostWords = 39;

    public static IReadOnlyList<ChatMessage> Write(EntityPair pair, NamedRandom random)
    {
        var words = Enumerable.Range(0, FewestWords + random.Next(MostWords - FewestWords + 1)).Select(_ => Word(random));
        var line = string.Join(' ', words);
        return [new ChatMessage(ChatMessage.User, line), new ChatMessage(ChatMessage.Assistant, $"{line} {line}")];
    }

    private static string Word(NamedRandom random)
    {
        var topic = Lexicon.Topics[random.Next(Lexicon.Topics.Count)];
        var words = random.Next(2) == 0 ? topic.Entities : topic.Qualities;
        return words[random.Next(words.Count)];
    }
}
