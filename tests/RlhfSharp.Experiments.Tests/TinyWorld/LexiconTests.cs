using RlhfSharp.Experiments.PinkElephants;
using RlhfSharp.Experiments.TinyWorld;

namespace RlhfSharp.Experiments.Tests.TinyWorld;

public sealed class LexiconTests
{
    [Fact]
    public void Topics_AreTwentyWithMoreThanFourHundredThingsOfOneToThreeWords()
    {
        var entities = Lexicon.Topics.SelectMany(topic => topic.Entities).ToList();

        Assert.Equal(20, Lexicon.Topics.Select(topic => topic.Name).Distinct().Count());
        Assert.Equal(440, entities.Distinct().Count());
        Assert.All(entities, entity => Assert.InRange(entity.Split(' ').Length, 1, 3));
    }

    [Fact]   // or to name one would be to mention the other
    public void Entities_OfATopic_DoNotMentionEachOther()
    {
        foreach (var topic in Lexicon.Topics)
        {
            foreach (var entity in topic.Entities)
            {
                var detector = new MentionDetector(entity);
                Assert.DoesNotContain(topic.Entities, other => other != entity && detector.IsMentioned(other));
            }
        }
    }

    [Fact]   // or the words around a name would count as a mention of another
    public void Attributes_OfATopic_MentionNoneOfItsThings()
    {
        foreach (var topic in Lexicon.Topics)
        {
            var words = string.Join(" . ", [topic.Name, topic.Noun, .. topic.Qualities, .. topic.Occasions, .. topic.Places]);
            Assert.All(topic.Entities, entity => Assert.False(new MentionDetector(entity).IsMentioned(words), $"{entity} in the words of {topic.Name}"));
        }
    }
}
