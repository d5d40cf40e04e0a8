using RlhfSharp.Experiments.Poems;
using RlhfSharp.Experiments.RewardMaps;
using RlhfSharp.Experiments.TinyWorld;
using RlhfSharp.Models.Runtime;

namespace RlhfSharp.Experiments.Tests.RewardMaps;

public sealed class PoemJudgeTests
{
    [Theory]
    [InlineData(PoemForm.Haiku, PoemTone.Dark)]
    [InlineData(PoemForm.Limerick, PoemTone.Happy)]
    [InlineData(PoemForm.Sonnet, PoemTone.Reflective)]
    public async Task Judge_PoemOfTheGrammar_HasTheLabelsItWasWrittenFor(PoemForm form, PoemTone tone)
    {
        var poem = PoemWorld.WritePoem(form, tone, PoemWorld.Subjects[0], new NamedRandom(1, "poem"));
        JudgeRequest[] requests = [new("a", poem), new("b", "no poem at all")];

        Assert.Equal([form.ToString().ToLowerInvariant(), null], await new PoemFormJudgeOptions().Create(["haiku", "limerick", "sonnet"]).JudgeAsync(requests, default));
        Assert.Equal([tone.ToString().ToLowerInvariant(), null], await new PoemToneJudgeOptions().Create(["happy", "dark", "reflective"]).JudgeAsync(requests, default));
    }

    [Fact]
    public void Create_LabelThatTheRuleDoesNotKnow_NamesThoseItDoes()
    {
        var error = Assert.Throws<InputException>(() => new PoemFormJudgeOptions().Create(["haiku", "sonett"]));

        Assert.Equal("judge.kind: poem-form never finds 'sonett'. Did you mean 'sonnet'? Allowed: ballad, couplets, haiku, hymn, limerick, sonnet.", error.Message);
    }
}
