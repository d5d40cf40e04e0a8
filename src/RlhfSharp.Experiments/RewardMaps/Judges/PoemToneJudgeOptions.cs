using RlhfSharp.Experiments.Poems;
using RlhfSharp.Training;

namespace RlhfSharp.Experiments.RewardMaps;

/// <summary>Judges the tone of the built-in world's poems by their words; <c>kind: poem-tone</c>. Its labels are happy, dark, mysterious, romantic and reflective. Of other poems it
/// knows too few words to be trusted.</summary>
[RecipeKind("poem-tone")]
public sealed record PoemToneJudgeOptions : MapJudgeOptions
{
    private static readonly string[] Known = [.. Enum.GetValues<PoemTone>().Select(PoemNames.Of)];

    internal override IMapJudge Create(IReadOnlyList<string> labels)
    {
        RuleJudge.RequireKnown("poem-tone", labels, Known);
        return new RuleJudge(text => ToneJudge.Judge(text).Tone is { } tone ? PoemNames.Of(tone) : null);
    }
}
