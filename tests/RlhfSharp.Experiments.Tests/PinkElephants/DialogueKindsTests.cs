using RlhfSharp.Experiments.PinkElephants;
using RlhfSharp.Models.Runtime;

namespace RlhfSharp.Experiments.Tests.PinkElephants;

/// <summary>The setting that takes dialogues of one kind.</summary>
public sealed class DialogueKindsTests
{
    [Fact]
    public void Set_Kinds_PartEachPartOfTheData()
    {
        var (all, forbidding, free) = (Of(DialogueKinds.All), Of(DialogueKinds.Forbidding), Of(DialogueKinds.Free));

        Assert.All(Parts(forbidding), part => Assert.All(part, dialogue => Assert.Equal(InstructionKind.Avoid, dialogue.Instruction)));
        Assert.All(Parts(free), part => Assert.All(part, dialogue => Assert.NotEqual(InstructionKind.Avoid, dialogue.Instruction)));
        Assert.All(Parts(all).Zip(Parts(forbidding), Parts(free)), part => Assert.Equal(part.First.Count, part.Second.Count + part.Third.Count));
    }

    [Fact]
    public void Set_FolderWithoutThatKind_NamesTheSetting()
    {
        using var folder = TestFiles.NewFolder();
        DialogueFiles.Write(folder.Path, Of(DialogueKinds.Forbidding), DialogueFacts.BuiltIn(seed: 0));

        var exception = Assert.Throws<InputException>(() => PinkElephantData.Set(new PinkElephantDataOptions { Folder = folder.Path, Kinds = DialogueKinds.Free }));

        Assert.StartsWith("data.kinds: of the 15600 training dialogues none is of this kind.", exception.Message, StringComparison.Ordinal);
    }

    private static DialogueSet Of(DialogueKinds kinds) => PinkElephantData.Set(new PinkElephantDataOptions { Kinds = kinds });

    private static IReadOnlyList<PinkElephantDialogue>[] Parts(DialogueSet set) => [set.Training, set.Validation, set.Evaluation];
}
