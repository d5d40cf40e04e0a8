using RlhfSharp.Experiments.Poems;
using RlhfSharp.Training;

namespace RlhfSharp.Experiments.RewardMaps;

/// <summary>Judges the form of poems by their lines, syllables and rhymes; <c>kind: poem-form</c>. Its labels are haiku, limerick, sonnet, hymn, ballad and couplets.</summary>
[RecipeKind("poem-form")]
public sealed record PoemFormJudgeOptions : MapJudgeOptions
{
    private static readonly string[] Known = [.. Enum.GetValues<PoemForm>().Where(form => form != PoemForm.Other).Select(PoemNames.Of)];

    internal override IMapJudge Create(IReadOnlyList<string> labels)
    {
        RuleJudge.RequireKnown("poem-form", labels, Known);
        return new RuleJudge(text => FormJudge.Judge(text).Form is var form && form != PoemForm.Other ? PoemNames.Of(form) : null);
    }
}
