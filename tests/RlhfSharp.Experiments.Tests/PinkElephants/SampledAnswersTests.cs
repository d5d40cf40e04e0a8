using System.Text.Json.Nodes;
using RlhfSharp.Experiments.PinkElephants;
using RlhfSharp.Experiments.Recipes;
using RlhfSharp.Models.Runtime;
using RlhfSharp.Training.Data;
using static TorchSharp.torch;

namespace RlhfSharp.Experiments.Tests.PinkElephants;

public sealed class SampledAnswersTests : IDisposable
{
    private static readonly IReadOnlyList<PinkElephantDialogue> Dialogues = DialogueSet.Some(DialogueSet.Create(0).Training, 6);

    private readonly string _folder = Directory.CreateTempSubdirectory("sampled-answers-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Ensure_TwoRows_DrawsForTheOneThatWantsMostAndTheOtherTakesAPart()
    {
        var lines = new List<string>();

        SampledAnswers.Ensure([Recipe(dialogues: 4, samples: 3), Recipe(dialogues: 6, samples: 2)], _folder, CPU, lines.Add, TimeProvider.System, CancellationToken.None);

        var all = SampledAnswers.Read(_folder, Dialogues, samples: 3);
        Assert.InRange(all.Count, 12, 18);   // but for empty ones
        Assert.Contains("6 dialogues, 3 times", Assert.Single(lines), StringComparison.Ordinal);
        var few = SampledAnswers.Read(_folder, DialogueSet.Some(DialogueSet.Create(0).Training, 4), samples: 2);
        Assert.All(few, answer => Assert.Contains(all, other => other.Dialogue.Id == answer.Dialogue.Id && other.Name == answer.Name && other.Text == answer.Text));
        var written = File.ReadAllText(Path.Combine(_folder, "answers.jsonl"));
        SampledAnswers.Ensure([Recipe(dialogues: 6, samples: 3)], _folder, CPU, lines.Add, TimeProvider.System, CancellationToken.None);
        Assert.Equal(written, File.ReadAllText(Path.Combine(_folder, "answers.jsonl")));
        Assert.Single(lines);
    }

    [Fact]
    public void Ensure_WrittenAnswers_DrawsNothing()
    {
        SampledAnswers.Ensure([Recipe(dialogues: 4, samples: 3, answers: "written")], _folder, CPU, line => Assert.Fail(line), TimeProvider.System, CancellationToken.None);

        Assert.Empty(Directory.GetFiles(_folder));
    }

    [Fact]
    public void Ensure_RowsWithOtherDialogues_SaysWhatMustBeTheSame()
    {
        var error = Assert.Throws<InputException>(() => SampledAnswers.Ensure(
            [Recipe(dialogues: 4, samples: 3), Recipe(dialogues: 4, samples: 3, dialogueSeed: 1)], _folder, CPU, line => Assert.Fail(line), TimeProvider.System, CancellationToken.None));

        Assert.Contains("data.dialogueSeed", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Ensure_Cancelled_LeavesNoFile()
    {
        Assert.Throws<OperationCanceledException>(() => SampledAnswers.Ensure(
            [Recipe(dialogues: 4, samples: 1)], _folder, CPU, _ => { }, TimeProvider.System, new CancellationToken(canceled: true)));

        Assert.Empty(Directory.GetFiles(_folder));
    }

    [Fact]
    public void Read_AnswersOfAllSorts_AreLabelledByTheRuleAndPaired()
    {
        var forbidden = Dialogues.First(dialogue => dialogue.Instruction == InstructionKind.Avoid);
        Write(forbidden, $" I like {forbidden.Prefer}. ", $"I like {forbidden.Avoid}.", string.Empty, "I like nothing.");

        var answers = SampledAnswers.Read(_folder, [forbidden], samples: 4);

        Assert.Equal([("sample-0", true), ("sample-1", false), ("sample-3", true)], answers.Select(answer => (answer.Name, answer.IsGood)));
        Assert.Equal($"I like {forbidden.Prefer}.", answers[0].Text);
        var pair = Assert.IsType<PreferenceRow>(Assert.Single(PinkElephantRows.Preferences(answers)));   // the second good one has no bad one beside it
        Assert.Equal(forbidden.Id, pair.Id);
        Assert.Equal(2, PinkElephantRows.Good(answers).Count());
        Assert.Equal(3, PinkElephantRows.Rewarded(answers, RewardPlace.Mention).Count());
    }

    [Fact]
    public void Read_FileOfAnotherExperiment_NamesTheDialogueThatIsMissing()
    {
        Write(Dialogues[0], "one");

        var error = Assert.Throws<InputException>(() => SampledAnswers.Read(_folder, Dialogues, samples: 1));

        Assert.Contains(Dialogues[1].Id, error.Message, StringComparison.Ordinal);
        Assert.Throws<InputException>(() => SampledAnswers.Read(_folder, [Dialogues[0]], samples: 2));
    }

    [Fact]
    public void Read_NoFile_SaysHowToGoOn()
    {
        var error = Assert.Throws<InputException>(() => SampledAnswers.Read(_folder, Dialogues, samples: 1));

        Assert.Contains("--overwrite", error.Message, StringComparison.Ordinal);
    }

    private void Write(PinkElephantDialogue dialogue, params string[] answers) => JsonLines.Write(
        Path.Combine(_folder, "answers.jsonl"),
        [new JsonObject { ["id"] = dialogue.Id, ["answers"] = new JsonArray([.. answers.Select(answer => JsonValue.Create(answer))]) }]);

    private static TrainingRecipe Recipe(int dialogues, int samples, string answers = "sampled", int dialogueSeed = 0) => RecipeVariants.Parse<TrainingRecipe>(
        $$"""
        name: sampled
        model: { path: tiny-world/dialogues }
        data: { kind: pink-elephants, dialogues: {{dialogues}}, samplesPerDialogue: {{samples}}, answers: {{answers}}, dialogueSeed: {{dialogueSeed}}, answerTokens: 8 }
        objective: { kind: sft }
        evaluation: { kind: pink-elephants }
        """,
        "sampled.yaml",
        [])[0].Recipe;
}
