using System.ComponentModel.DataAnnotations;
using RlhfSharp.Models.Runtime;
using RlhfSharp.Training;

namespace RlhfSharp.Experiments.RewardMaps;

/// <summary>A judge that counts words which are typical of a label; <c>kind: lexicon</c>.</summary>
[RecipeKind("lexicon")]
public sealed record LexiconJudgeOptions : MapJudgeOptions
{
    /// <summary>Gets the words of each label. A label without an entry is never found.</summary>
    [MinLength(1)]
    public required IReadOnlyList<LexiconEntryOptions> Entries { get; init; }

    internal override IMapJudge Create(IReadOnlyList<string> labels)
    {
        foreach (var (index, entry) in Entries.Index())
        {
            if (!labels.Contains(entry.Label))
            {
                throw new InputException($"judge.entries[{index}].label: the axis has no label '{entry.Label}'. {NearestName.Hint(entry.Label, [.. labels])}");
            }
        }
        return new LexiconJudge(Entries);
    }
}
