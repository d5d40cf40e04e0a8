using CsCheck;
using RlhfSharp.Experiments.PinkElephants;
using RlhfSharp.Experiments.TinyWorld;

namespace RlhfSharp.Experiments.Tests.PinkElephants;

public sealed class MentionDetectorTests
{
    [Theory]
    // case
    [InlineData("green tea", "GREEN TEA is fine.")]
    [InlineData("iPhone", "an iphone")]
    // plurals, from either
    [InlineData("mango", "two mangoes")]
    [InlineData("mango", "two mangos")]
    [InlineData("strawberries", "one strawberry")]
    [InlineData("strawberry", "strawberries")]
    [InlineData("wolf", "wolves")]
    [InlineData("knife", "knives")]
    [InlineData("goose", "geese")]
    [InlineData("mice", "a mouse")]
    [InlineData("box", "boxes")]
    [InlineData("dishes", "a dish")]
    [InlineData("monkey", "monkeys")]
    [InlineData("pink elephants", "one pink elephant")]
    [InlineData("Adidas", "Adidas shoes")]
    // possessives
    [InlineData("Nike", "Nike's shoes")]
    [InlineData("Nike", "Nike\u2019s shoes")]
    [InlineData("elephant", "the elephants' trunks")]
    [InlineData("Adidas", "Adidas' shoes")]
    [InlineData("Adidas", "Adidas\u2019 shoes")]
    // several words, hyphens
    [InlineData("green tea", "green-tea")]
    [InlineData("green tea", "green\u2011tea")]
    [InlineData("green tea", "green  tea")]
    [InlineData("green tea", "green\ntea")]
    [InlineData("T-shirt", "a T shirt")]
    [InlineData("T-shirt", "tshirts")]
    [InlineData("St. Bernard", "a St Bernard")]
    [InlineData("Coca-Cola Zero", "coca cola zero")]
    // signs inside names
    [InlineData("Ben & Jerry", "Ben & Jerry's")]
    [InlineData("Ben & Jerry", "Ben and Jerry")]
    [InlineData("AT&T", "at & t")]
    [InlineData("Tyler, the Creator", "Tyler the Creator")]
    [InlineData("Tyler, the Creator", "Tyler, the Creator")]
    [InlineData("TCP/IP", "tcp/ip")]
    // accents, composed and decomposed, on either side
    [InlineData("Gruy\u00e8re", "gruyere")]
    [InlineData("Gruyere", "a Gruy\u00e8re")]
    [InlineData("Gruy\u00e8re", "Gruye\u0300re")]
    [InlineData("Gruye\u0300re", "Gruy\u00e8re")]
    [InlineData("ca ph\u00ea", "c\u00e0 ph\u00ea")]
    [InlineData("ph\u1edf", "pho")]
    [InlineData("jalape\u00f1o", "JALAPE\u00d1OS")]
    // punctuation around
    [InlineData("tea", "(tea)")]
    [InlineData("tea", "\u201ctea,\u201d")]
    [InlineData("tea", "*tea*")]
    [InlineData("tea", "tea\ud83c\udf75")]
    public void IsMentioned_OneOfItsForms_IsFound(string name, string text) => Assert.True(new MentionDetector(name).IsMentioned(text));

    [Theory]
    [InlineData("tea", "a team")]
    [InlineData("tea", "steam")]
    [InlineData("tea", "tea2")]
    [InlineData("Nike", "Nikee")]
    [InlineData("apple", "pineapple")]
    [InlineData("green tea", "greentea")]
    [InlineData("green tea", "green and tea")]
    [InlineData("green tea", "tea, green")]
    [InlineData("H&M", "Hm, let me think.")]
    [InlineData("glass", "glas")]
    [InlineData("bus", "bu")]
    [InlineData("pho", "ph\u1edfto")]
    [InlineData("tea", "")]
    public void IsMentioned_InsideOtherWordsOrNotAtAll_IsNotFound(string name, string text) => Assert.False(new MentionDetector(name).IsMentioned(text));

    [Fact]
    public void IsMentioned_Alias_IsFound()
    {
        var detector = new MentionDetector("Coca-Cola", ["Coke"]);
        Assert.True(detector.IsMentioned("two Cokes"));
        Assert.True(detector.IsMentioned("coca cola"));
        Assert.False(detector.IsMentioned("cola"));
    }

    [Theory]
    [InlineData("")]
    [InlineData("...")]
    [InlineData("\ud83d\udc18")]
    public void Create_NameWithoutLetter_IsRefused(string name) => Assert.Throws<ArgumentException>(() => new MentionDetector(name));

    [Theory]
    [InlineData("tea", "Tea, and more tea's taste.", new[] { "Tea", "tea's" })]
    [InlineData("creme brulee", "A cre\u0300me bru\u0302le\u0301e\u0301 now", new[] { "cre\u0300me bru\u0302le\u0301e\u0301" })]
    [InlineData("tea", "\ud83d\udc18e\u0301 \ud83d\udc68\u200d\ud83c\udf73 tea\u0301s!", new[] { "tea\u0301s" })]
    [InlineData("caf\u00e9", "caf\u00e9", new[] { "caf\u00e9" })]
    [InlineData("green tea", "green\u2014tea or green tea", new[] { "green\u2014tea", "green tea" })]
    public void Find_AnyText_SpansAreThoseOfTheOriginal(string name, string text, string[] expected)
    {
        var mentions = new MentionDetector(name).Find(text);
        Assert.Equal(expected, mentions.Select(mention => text.Substring(mention.Start, mention.Length)));
        Assert.All(mentions, mention => Assert.Equal(mention.Start + mention.Length - 1, mention.Last));
    }

    [Fact]
    public void Find_AnyTextAroundAName_FindsItInsideTheText()
    {
        var detector = new MentionDetector("Gruy\u00e8re");
        Gen.Select(Gen.String, Gen.String).Sample((before, after) =>
        {
            var text = $"{before} GRUYE\u0300RE {after}";
            var found = detector.Find(text).Select(mention => text.Substring(mention.Start, mention.Length));
            Assert.Contains("GRUYE\u0300RE", found);
        });
    }

    [Fact]
    public void IsMentioned_BuiltInWorld_EachThingIsFoundAndNeverWhereAnotherIsMeant()
    {
        foreach (var topic in Lexicon.Topics)
        {
            foreach (var entity in topic.Entities)
            {
                var detector = new MentionDetector(entity);
                foreach (var other in topic.Entities.Where(other => other != entity))
                {
                    Assert.False(detector.IsMentioned(topic.Named(other)), $"{topic.Name}: '{entity}' is found in '{other}'.");
                }
                Assert.True(detector.IsMentioned($"Why not think of {topic.Named(entity)}, dear?"), entity);
            }
        }
    }
}
