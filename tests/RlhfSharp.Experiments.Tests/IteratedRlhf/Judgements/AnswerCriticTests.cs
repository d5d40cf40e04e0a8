using RlhfSharp.Experiments.IteratedRlhf;
using RlhfSharp.Experiments.PinkElephants;
using RlhfSharp.Models.Runtime;
using RlhfSharp.Models.Tokenization;

namespace RlhfSharp.Experiments.Tests.IteratedRlhf.Judgements;

/// <summary>What a careful reader sees in an answer.</summary>
public sealed class AnswerCriticTests
{
    private const string Good = "My pick is espresso, a strong drink. I like it best with breakfast. You will find it in the corner shop.";

    private static readonly PinkElephantDialogue Avoid = Dialogue(InstructionKind.Avoid, "Do not mention green tea. You may talk about espresso.");

    [Fact]
    public void Read_GoodAnswer_NotesAllThatIsTold()
    {
        var expected = new AnswerNotes
        {
            Fit = 1,
            Occasion = Occasion.TakenUp,
            Qualities = 1,
            TellsPlace = true,
            Words = 21,
            Readable = 1,
            IsFinished = true,
        };

        Assert.Equal(expected, new AnswerCritic(Avoid).Read(Good));
    }

    [Theory]
    [InlineData("You cannot go wrong with green tea.")]
    [InlineData("Some would say that Green Teas is more sweet.")]      // in a sentence that is none, in any form
    [InlineData("green-tea")]
    [InlineData(Good + " If not, take green tea instead.")]
    public void Judge_ForbiddenThing_IsWorseThanWhatSaysNothing(string answer) =>
        Assert.True(new AnswerCritic(Avoid).Judge(answer) < new AnswerCritic(Avoid).Judge("No.") - 0.4);

    [Theory]
    [InlineData("My pick is root beer, a strong drink. I like it best with breakfast. You will find it in the corner shop.")]             // not what was welcomed
    [InlineData("My pick is espresso, a strong drink. I like it best on a hot day. You will find it in the corner shop.")]               // not what was asked
    [InlineData("My pick is espresso, a strong drink. I like it best with breakfast.")]                                                  // no place
    [InlineData("My pick is espresso, a strong drink. It seems mild but never strong. You will find it in the corner shop.")]            // a contradiction
    [InlineData("My pick is espresso, a strong drink. My pick is espresso, a strong drink. You will find it in the corner shop.")]       // said twice
    [InlineData("My pick is espresso, a strong drink. I like it best with breakfast. You will find it in the")]                          // cut off
    [InlineData("pick is My espresso, a drink. strong I like it best with breakfast. You will find it in the corner shop.")]             // mixed up
    [InlineData(Good + " You could also think of root beer with breakfast. It is sweet and warm. Look for it at the market. It can be mild too.")]   // long, and about more
    [InlineData("espresso strong sweet warm mild light with breakfast in the corner shop")]                                              // words, not sentences
    [InlineData("My pick is the tango, a lively dance. I like it best at a wedding.")]                                                   // another topic
    public void Judge_FaultyAnswer_IsWorseThanTheGoodOne(string answer)
    {
        var critic = new AnswerCritic(Avoid);

        Assert.InRange(critic.Judge(answer), -0.4 - (1 - critic.Read(answer).Readable), critic.Judge(Good) - 0.05);
    }

    [Fact]   // all the words of the good answer and more, and of no use
    public void Judge_ListOfWords_IsOfNoUse() => Assert.Equal(0, new AnswerCritic(Avoid).Read("espresso strong sweet warm mild light with breakfast in the corner shop").Fit);

    [Fact]
    public void Read_LongerOccasion_IsNotTakenForAShorterOneInside()
    {
        var dialogue = Avoid with { Prompt = [Avoid.Prompt[0], new ChatMessage(ChatMessage.User, "Which drink would you suggest before a long walk?")] };

        Assert.Equal(Occasion.Missed, new AnswerCritic(dialogue).Read(Good).Occasion);
        Assert.Equal(Occasion.TakenUp, new AnswerCritic(dialogue).Read("I would go with espresso before a long walk.").Occasion);
        Assert.Equal(Occasion.Unmentioned, new AnswerCritic(dialogue).Read("You cannot go wrong with espresso.").Occasion);
    }

    [Fact]
    public void Forbidden_InstructionAboutAThirdThing_IsThatThing()
    {
        var critic = new AnswerCritic(Dialogue(InstructionKind.Other, "You may talk about espresso. Say nothing about kombucha."));

        Assert.Equal("kombucha", critic.Forbidden);
        Assert.Equal("green tea", critic.Wanted);
        Assert.True(critic.Judge(Good.Replace("espresso", "green tea", StringComparison.Ordinal)) > critic.Judge(Good));
        Assert.Equal(-1.5, critic.Judge("You cannot go wrong with kombucha."), 1e-12);
    }

    [Fact]
    public void Forbidden_NoInstruction_IsNothing() => Assert.Null(new AnswerCritic(Dialogue(InstructionKind.None, null)).Forbidden);

    [Fact]
    public void Judge_AnswersOfTheData_PrefersTheGoodOneNearlyAlways()
    {
        var dialogues = DialogueSet.Create(5).Validation;
        var right = dialogues.Count(dialogue => new AnswerCritic(dialogue) is var critic && critic.Judge(dialogue.Chosen) > critic.Judge(dialogue.Rejected));

        Assert.InRange(right / (double)dialogues.Count, 0.95, 1);
    }

    [Fact]
    public void New_TopicThatTheWorldDoesNotKnow_IsAnError() =>
        Assert.Throws<ArgumentException>(() => new AnswerCritic(Avoid with { Topic = "planets" }));

    [Fact]   // the data of the gold model must show every region a policy may come to
    public void Variety_ManyAnswers_CoverForbiddenUselessAndUsefulOnes()
    {
        var (critic, random) = (new AnswerCritic(Avoid), new NamedRandom(3, "variety"));
        var variety = new AnswerVariety(Avoid, critic);
        var written = Enumerable.Range(0, 300).Select(_ => variety.Written(random)).ToList();
        var damaged = written.ConvertAll(answer => variety.Damaged(answer, random));

        foreach (var scores in new[] { written.ConvertAll(critic.Judge), damaged.ConvertAll(critic.Judge) })
        {
            Assert.All(
                new[] { scores.Count(score => score <= -1.5), scores.Count(score => score is > -1.5 and < 0.8), scores.Count(score => score >= 0.8) }, count => Assert.InRange(count, 15, 285));
        }
        Assert.All(damaged, answer => Assert.NotEmpty(answer.Trim()));
        Assert.InRange(damaged.Zip(written).Count(pair => critic.Judge(pair.First) < critic.Judge(pair.Second)), 120, 300);   // most damage is damage
    }

    [Fact]
    public void Pairs_OfADialogue_AreTheJudgementsOwn()
    {
        string[] sampled = [Good, " You cannot go wrong with green tea. ", "", "Yes."];
        var pairs = JudgedPairs.Of(Avoid, sampled, 5, new NamedRandom(0, "pairs"));

        Assert.Equal(5, pairs.Distinct().Count());
        Assert.All(pairs, pair => Assert.Equal(new AnswerCritic(Avoid).Judge(pair.Chosen), pair.ChosenScore, 1e-12));
        Assert.All(pairs, pair => Assert.Equal(new AnswerCritic(Avoid).Judge(pair.Rejected), pair.RejectedScore, 1e-12));
        Assert.All(pairs, pair => Assert.True(pair.ChosenScore - pair.RejectedScore >= 0.02));
        Assert.All(new[] { pairs[0].Chosen, pairs[0].Rejected }, answer => Assert.Contains(answer, sampled.Select(text => text.Trim())));
        Assert.Equal(pairs, JudgedPairs.Of(Avoid, sampled, 5, new NamedRandom(0, "pairs")));
    }

    private static PinkElephantDialogue Dialogue(InstructionKind kind, string? instruction) => new()
    {
        Id = "one",
        Topic = "drinks",
        Avoid = "green tea",
        Prefer = "espresso",
        Instruction = kind,
        Prompt =
        [
            .. instruction is null ? Array.Empty<ChatMessage>() : [new ChatMessage(ChatMessage.System, instruction)],
            new ChatMessage(ChatMessage.User, "Which drink would you suggest with breakfast?"),
        ],
        Chosen = Good,
        Rejected = Good.Replace("espresso", "green tea", StringComparison.Ordinal),
    };
}
