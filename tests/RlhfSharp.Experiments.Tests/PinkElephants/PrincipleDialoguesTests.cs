using System.Text.Json;
using RlhfSharp.Experiments.Endpoints;
using RlhfSharp.Experiments.PinkElephants;
using RlhfSharp.Models.Runtime;
using RlhfSharp.Models.Tokenization;

namespace RlhfSharp.Experiments.Tests.PinkElephants;

public sealed class PrincipleDialoguesTests
{
    [Fact]
    public void Write_ModelDoesAsAsked_GivesRowsThatKeepTheirPromise()
    {
        using var test = new WrittenDialogues(request => FakeReply.Of(ScriptedModel.Answer(request.Question)));

        var (set, dropped) = test.Write();

        Assert.Empty(dropped);
        PinkElephantDialogue[] rows = [.. set.Training, .. set.Validation, .. set.Evaluation];
        var instructed = rows.Where(row => row.Instruction == InstructionKind.Avoid).ToList();
        Assert.Equal(3 * 4 * 4, instructed.Count);
        Assert.InRange(rows.Length - instructed.Count, 4, 24);   // 12 expected of 48 at a quarter; beyond 2.7 standard deviations on either side
        Assert.Equal(rows.Length, rows.Select(row => row.Id).Distinct().Count());
        Assert.All(rows, AssertKeepsItsPromise);
        // 1 list of topics, 3 of pairs, 12 of situations, 48 dialogues, 48 revisions
        Assert.Equal(new EndpointUsage(112, 112, 1120, 560), test.Usage);
    }

    [Fact]
    public void Write_AnyModel_PartsShareNoPair()
    {
        using var test = new WrittenDialogues(request => FakeReply.Of(ScriptedModel.Answer(request.Question)));
        var (set, _) = test.Write();
        string[][] parts = [Pairs(set.Training), Pairs(set.Validation), Pairs(set.Evaluation)];
        Assert.Equal([10, 1, 1], parts.Select(part => part.Length));
        Assert.Equal(12, parts.SelectMany(part => part).Distinct().Count());
    }

    [Fact]
    public void Write_ModelRambles_UsesWhatItCanAndCountsTheRest()
    {
        using var test = new WrittenDialogues(request => FakeReply.Of(ScriptedModel.Ramble(request.Question)));

        var (set, dropped) = test.Write();

        PinkElephantDialogue[] rows = [.. set.Training, .. set.Validation, .. set.Evaluation];
        Assert.InRange(rows.Length, 10, 70);
        Assert.All(rows, AssertKeepsItsPromise);
        Assert.Contains("dialogues: no list of turns in the answer", dropped.Keys);
        Assert.Contains("revisions: no rewritten answer in the answer", dropped.Keys);
        Assert.Equal(dropped.Keys.Order(StringComparer.Ordinal), dropped.Keys);
    }

    [Fact]
    public void Write_AnswersNameItInTheEnd_AreRevisedUpToALimit()
    {
        // Every second dialogue's revisions never help; those of the others do the second time.
        using var test = new WrittenDialogues(request =>
        {
            var answer = ScriptedModel.Answer(request.Question);
            var isRevision = answer.StartsWith("{\"answer\"", StringComparison.Ordinal);
            var helps = request.Question.Contains("An earlier reply could not be used: the rewritten answer still names it.", StringComparison.Ordinal)
                && request.Question.Contains("number 1 ", StringComparison.Ordinal);
            return FakeReply.Of(isRevision && !helps ? request.Question[request.Question.IndexOf('{', StringComparison.Ordinal)..].Replace("...", "Amber Basil Cedar Dune Herbal Card Garden "
                + string.Join(' ', Names()), StringComparison.Ordinal) : answer);
        });
        test.Options = test.Options with { DialoguesPerPair = 2, Revisions = 3 };

        var (_, dropped) = test.Write();

        // 24 dialogues: 12 revised at the second try, 12 given up after three.
        Assert.Equal(12 + 3 * 12, dropped["revisions: the rewritten answer still names it"]);
        Assert.Equal(12, dropped["revisions: given up"]);

        static IEnumerable<string> Names() =>
            from topic in new[] { "Herbal", "Card", "Garden" } from thing in new[] { "Amber", "Basil", "Cedar", "Dune", "Ember", "Fable", "Glade", "Heron" } select $"{thing} {topic}";
    }

    [Fact]
    public void Write_RepeatedTopicsPairsAndDialogues_AreLeftOut()
    {
        using var test = new WrittenDialogues(request =>
        {
            var answer = ScriptedModel.Answer(request.Question);
            return FakeReply.Of(
                answer.Contains("Herbal teas", StringComparison.Ordinal) && answer[0] == '[' && answer.Length < 60 ? """["Herbal teas", "herbal  TEAS", "Card games"]"""
                : answer.Contains("\"first\"", StringComparison.Ordinal) ? """[["Nike","Adidas"],["adidas","NIKE"],["tea","green tea"],["Ford","Opel"],["Bach","Brahms"]]"""
                // Whatever the situation: two questions per pair and thing to avoid, so one dialogue of two is a repetition.
                : answer.Contains("\"role\"", StringComparison.Ordinal) ? $$"""[{"role":"user","content":"Well?"},{{answer[answer.LastIndexOf("{\"role", StringComparison.Ordinal)..]}}"""
                : answer);
        });
        test.Options = test.Options with { Topics = 2, Reasks = 0, DialoguesPerPair = 4 };

        var (set, dropped) = test.Write();

        PinkElephantDialogue[] rows = [.. set.Training, .. set.Validation, .. set.Evaluation];
        Assert.Equal(3, rows.Select(row => row.Pair).Distinct().Count());
        Assert.Equal(1, dropped["topics: duplicate"]);
        // Per topic one reversed pair each round, and all three pairs of the second topic.
        Assert.Equal(2, dropped["pairs: one name mentions the other"] / 2);
        Assert.True(dropped["pairs: duplicate"] >= 5);
        Assert.Equal(6, dropped["dialogues: duplicate"]);
        var instructed = rows.Where(row => row.Instruction == InstructionKind.Avoid).ToList();
        Assert.Equal(instructed.Count, instructed.Select(row => string.Join('|', row.Prompt.Skip(1)) + row.Rejected).Distinct().Count());
    }

    [Fact]
    public void Write_NothingUsable_SaysWhatCame()
    {
        using var test = new WrittenDialogues(_ => FakeReply.Of("I am only a parrot."));
        var message = Assert.Throws<InputException>(() => test.Write()).Message;
        Assert.StartsWith("The model's answers gave no usable topics: topics: fewer than asked for (3), topics: no list of topics in the answer (3).", message, StringComparison.Ordinal);
    }

    [Fact]
    public void Write_TooFewPairs_SaysSo()
    {
        using var test = new WrittenDialogues(request => FakeReply.Of(ScriptedModel.Answer(request.Question)));
        test.Options = new PrincipleOptions { Topics = 1, PairsPerTopic = 2, DialoguesPerPair = 1 };
        Assert.StartsWith("The dialogues that can be used are about 2 pairs", Assert.Throws<InputException>(() => test.Write()).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(30)]
    [InlineData(90)]
    public void Write_CancelledAndGoneOnWith_EqualsTheUninterruptedRun(int requests)
    {
        FakeReply Answer(FakeRequest request) => request.Number % 7 == 3 ? FakeReply.Busy() : FakeReply.Of(ScriptedModel.Ramble(request.Question));
        using var whole = new WrittenDialogues(Answer);
        whole.Write(concurrency: 1);
        using var source = new CancellationTokenSource();
        using var cut = new WrittenDialogues(request =>
        {
            if (request.Number == requests)
            {
                source.Cancel();
            }
            return Answer(request);
        });
        Assert.ThrowsAny<OperationCanceledException>(() => cut.Write(cancellationToken: source.Token));
        var recorded = Answered(cut).ToList();
        var before = cut.Server.Requests.Count;

        cut.Write(concurrency: 8);

        Assert.Equal(whole.Files(), cut.Files());
        Assert.Equal(whole.Usage with { Asked = whole.Usage.Requests - recorded.Count }, cut.Usage);
        Assert.InRange(recorded.Count, 0, requests);
        // Nothing that was recorded was asked again: the new requests are all different, and none has a recorded line.
        var later = Answered(cut).ToList();
        Assert.Equal(later.Count, later.Distinct().Count());
        Assert.Equal(recorded, later.Take(recorded.Count));
        Assert.True(cut.Server.Requests.Count - before >= later.Count - recorded.Count);
    }

    private static IEnumerable<string> Answered(WrittenDialogues test) =>
        File.ReadLines(Path.Combine(test.Folder, "transcript.jsonl")).Select(line => JsonDocument.Parse(line).RootElement.GetProperty("id").GetString()!);

    private static string[] Pairs(IEnumerable<PinkElephantDialogue> rows) => [.. rows.Select(row => row.Pair).Distinct()];

    private static void AssertKeepsItsPromise(PinkElephantDialogue row)
    {
        var forbidden = new MentionDetector(row.Avoid, row.AvoidAliases);
        var isInstructed = row.Instruction == InstructionKind.Avoid;
        Assert.Equal(isInstructed, !forbidden.IsMentioned(row.Chosen));
        Assert.Equal(isInstructed, forbidden.IsMentioned(row.Rejected));
        Assert.Equal(isInstructed, row.Prompt[0].Role == ChatMessage.System);
        Assert.Equal(ChatMessage.User, row.Prompt[^1].Role);
        Assert.DoesNotContain(row.Prompt, turn => turn.Role == ChatMessage.Assistant && forbidden.IsMentioned(turn.Content));
        if (isInstructed)
        {
            Assert.Contains(row.Avoid, row.Prompt[0].Content, StringComparison.Ordinal);
            Assert.Contains(row.Prefer, row.Prompt[0].Content, StringComparison.Ordinal);
        }
    }
}
