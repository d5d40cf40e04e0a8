using RlhfSharp.Experiments.PinkElephants;
using RlhfSharp.Experiments.Tests.Reports;
using RlhfSharp.Models.Tokenization;

namespace RlhfSharp.Experiments.Tests.PinkElephants;

public sealed class BeforeAfterBlockTests
{
    [Fact]   // parsed as XML: whatever was not escaped would be an element or an error
    public void Render_MarksTheThingAndEscapesEverything()
    {
        var page = Rendered.Blocks(new BeforeAfterBlock("Dialogues", [Dialogue("Take <b>green teas</b> </script> שלום 🐘", "Take espresso.", isForbidden: true)]));

        Assert.Equal("green teas", page.Descendants("mark").Single().Value);
        Assert.Equal(["Take <b>green teas</b> </script> שלום 🐘", "Take espresso."], page.Descendants("blockquote").Select(quote => quote.Value));
        Assert.Equal(["Before: mentions it", "After: leaves it out"], page.WithClass("answers").Single().WithClass("speaker").Select(speaker => speaker.Value));
    }

    [Theory]
    [InlineData(true, "said wrong", "said right")]
    [InlineData(false, "said right", "said wrong")]
    public void Render_WhetherAnAnswerIsRight_DependsOnTheInstruction(bool isForbidden, string before, string after)
    {
        var page = Rendered.Blocks(new BeforeAfterBlock("Dialogues", [Dialogue("Green tea.", "Espresso.", isForbidden)]));

        Assert.Equal([before, after], page.WithClass("said").Select(answer => answer.Attribute("class")!.Value));
    }

    private static BeforeAfter Dialogue(string before, string after, bool isForbidden) =>
        new([new ChatMessage("system", "Do not mention green tea."), new ChatMessage("user", "What now?")], "green tea", isForbidden, before, after);
}
