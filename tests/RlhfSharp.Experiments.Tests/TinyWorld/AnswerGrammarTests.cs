using CsCheck;
using RlhfSharp.Experiments.TinyWorld;
using RlhfSharp.Models.Runtime;

namespace RlhfSharp.Experiments.Tests.TinyWorld;

public sealed class AnswerGrammarTests
{
    private static readonly WorldTopic Drinks = Lexicon.Topics[0];

    [Fact]
    public void Grammar_HasHundredsOfSkeletons() => Assert.True(AnswerGrammar.SkeletonCount > 5000);   // 12 · (9 + 9·8) · 7 = 6,804

    [Fact]
    public void IsWellFormed_WhateverTheGrammarWrites_IsTrue() =>
        (from topic in Gen.Int[0, 19] from first in Gen.Int[0, 21] from second in Gen.Int[0, 21] from isLate in Gen.Bool from seed in Gen.Int select (topic, first, second, isLate, seed))
        .Sample(draw =>
        {
            var topic = Lexicon.Topics[draw.topic];
            var answer = AnswerGrammar.Draw(
                topic, topic.Entities[draw.first], draw.isLate ? topic.Entities[draw.second] : null, topic.Occasions[0], new NamedRandom(draw.seed, "test"));
            return AnswerGrammar.IsWellFormed(answer, topic) && !AnswerGrammar.IsWellFormed(answer + " ", topic);
        }, iter: 2000);

    [Theory]
    [InlineData("You cannot go wrong with green tea. It can be warm too. Look for it at the market.", true)]
    [InlineData("You cannot go wrong with green tea. It can be warm too. It does well with breakfast. Look for it at the market.", true)]
    [InlineData("You cannot go wrong with green tea. It can be warm too. If not, take espresso instead. Look for it at the market.", true)]
    [InlineData("You cannot go wrong with green tea. It can be warm too.", false)]                               // no closing
    [InlineData("You cannot go wrong with the tuba. It can be warm too. Look for it at the market.", false)]      // not a drink
    [InlineData("You cannot go wrong with green. It can be warm too. Look for it at the market.", false)]         // half a name
    [InlineData("You cannot go wrong with green tea. It can be can warm too. Look for it at the market.", false)]
    [InlineData("", false)]
    public void IsWellFormed_Drinks(string answer, bool expected) => Assert.Equal(expected, AnswerGrammar.IsWellFormed(answer, Drinks));
}
