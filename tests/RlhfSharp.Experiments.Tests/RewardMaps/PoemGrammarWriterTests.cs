using RlhfSharp.Experiments.Poems;
using RlhfSharp.Experiments.RewardMaps;

namespace RlhfSharp.Experiments.Tests.RewardMaps;

public sealed class PoemGrammarWriterTests
{
    [Fact]
    public async Task Write_AskedForLabels_GivesThemAsOftenAsItObeys()
    {
        var poems = await Write(new PoemGrammarOptions { Obedience = 0.8 }, 400, _ => "Write a dark ballad.");
        Assert.InRange(poems.Count(poem => FormJudge.Judge(poem).Form == PoemForm.Ballad), 288, 352);    // 320 ± 8, four times over
        Assert.InRange(poems.Count(poem => ToneJudge.Judge(poem).Tone == PoemTone.Dark), 284, 352);      // a few show two tones alike
        // Disobedience is not for one label alone.
        Assert.Equal(5, poems.Select(poem => FormJudge.Judge(poem).Form).Distinct().Count());
    }

    [Fact]
    public async Task Write_Stanzas_GiveLengthsThatTheJudgesAccept()
    {
        var poems = await Write(new PoemGrammarOptions { Obedience = 1 }, 100, number => $"Write a mysterious {(number % 2 == 0 ? "hymn" : "ballad")}.");
        Assert.All(poems.Index(), poem => Assert.Equal(poem.Index % 2 == 0 ? PoemForm.Hymn : PoemForm.Ballad, FormJudge.Judge(poem.Item).Form));
        Assert.Equal([8, 12, 16, 20, 24], poems.Select(poem => poem.Split('\n').Length).Distinct().Order());

        var brief = await Write(new PoemGrammarOptions { Obedience = 1, Stanzas = 2 }, 20, _ => "Write a mysterious hymn.");
        Assert.All(brief, poem => Assert.Equal(8, poem.Split('\n').Length));
    }

    [Fact]
    public async Task Write_PoemBelowTheRequest_KeepsWhatItIsAbout()
    {
        var poems = await Write(new PoemGrammarOptions(), 20, _ => "Rewrite this poem as a happy haiku:\nThe Harbour waits;\nthe lovely rose");
        Assert.All(poems, poem => Assert.Contains("harbour", string.Join('\n', poem.Split('\n').Take(2)), StringComparison.OrdinalIgnoreCase));
    }

    [Fact]
    public async Task Write_NothingAskedFor_GivesAnything()
    {
        var poems = await Write(new PoemGrammarOptions { Obedience = 1 }, 100, _ => "Write a poem.");
        Assert.Equal(5, poems.Select(poem => FormJudge.Judge(poem).Form).Distinct().Count());
        Assert.Equal(poems, await Write(new PoemGrammarOptions { Obedience = 1 }, 100, _ => "Write a poem."));
    }

    private static async Task<IReadOnlyList<string>> Write(PoemGrammarOptions options, int count, Func<int, string> prompt)
    {
        using var writer = new PoemGrammarWriter(options);
        return await writer.WriteAsync([.. Enumerable.Range(0, count).Select(number => new WriteRequest(4, number, prompt(number)))], CancellationToken.None);
    }
}
