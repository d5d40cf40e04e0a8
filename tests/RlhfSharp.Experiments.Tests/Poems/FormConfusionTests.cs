using RlhfSharp.Experiments.Poems;
using RlhfSharp.Training.Data;

namespace RlhfSharp.Experiments.Tests.Poems;

public sealed class FormConfusionTests
{
    [Fact]   // these counts stand in docs/poems.md
    public void Judge_LabelledPoems_GivesTheMatrixOfTheDocs()
    {
        var confusion = new FormConfusion();
        foreach (var row in RowReader.Read(TestFiles.SharedData("poems", "poems-filtered.jsonl")))
        {
            confusion.Add(row.Values["form"]!.GetValue<string>(), FormJudge.Judge(row.Values["text"]!.GetValue<string>()).Form);
        }
        Assert.Equal(["sonnet", "couplet", "blank verse", "ballad", "common measure"], confusion.Labels.Take(5));
        string Row(string label) => string.Join(' ', Enum.GetValues<PoemForm>().Select(form => confusion[label, form]));
        Assert.Equal("62 0 0 416 0 0 8", Row("sonnet"));
        Assert.Equal("60 0 0 5 0 0 228", Row("couplet"));
        Assert.Equal("58 0 0 0 0 0 0", Row("blank verse"));
        Assert.Equal("35 0 0 0 0 16 2", Row("ballad"));
        Assert.Equal("11 0 0 1 0 25 1", Row("common measure"));
        Assert.Equal("7 0 0 0 0 0 0", Row("haiku"));
        Assert.Equal("3 0 2 0 0 0 1", Row("limerick"));
    }
}
