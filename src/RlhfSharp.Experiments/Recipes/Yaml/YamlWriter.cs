using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace RlhfSharp.Experiments.Recipes;

/// <summary>Writes nodes as YAML: sections in blocks, lists of plain values in one line.</summary>
internal static class YamlWriter
{
    // Long texts stay in one line: folding them would make their line breaks depend on their length.
    private static readonly EmitterSettings Settings = new EmitterSettings()
        .WithBestWidth(int.MaxValue)
        .WithMaxSimpleKeyLength(1024)
        .WithIndentedSequences()
        .WithNewLine("\n");

    public static string Write(RecipeNode node)
    {
        var text = new StringWriter();
        var emitter = new Emitter(text, Settings);
        emitter.Emit(new StreamStart());
        emitter.Emit(new DocumentStart());
        Emit(emitter, node);
        emitter.Emit(new DocumentEnd(isImplicit: true));
        emitter.Emit(new StreamEnd());
        return text.ToString();
    }

    private static void Emit(Emitter emitter, RecipeNode node)
    {
        switch (node)
        {
            case MapNode map:
                var mapStyle = map.Entries.Count == 0 ? MappingStyle.Flow : MappingStyle.Block;
                emitter.Emit(new MappingStart(AnchorName.Empty, TagName.Empty, isImplicit: true, mapStyle));
                foreach (var entry in map.Entries)
                {
                    Emit(emitter, entry.Key, PlainScalar.IsSafeText(entry.Key));
                    Emit(emitter, entry.Value);
                }
                emitter.Emit(new MappingEnd());
                break;
            case ListNode list:
                var listStyle = list.Items.All(item => item is ScalarNode) ? SequenceStyle.Flow : SequenceStyle.Block;
                emitter.Emit(new SequenceStart(AnchorName.Empty, TagName.Empty, isImplicit: true, listStyle));
                foreach (var item in list.Items)
                {
                    Emit(emitter, item);
                }
                emitter.Emit(new SequenceEnd());
                break;
            case ScalarNode scalar:
                Emit(emitter, scalar.Text, scalar.IsPlain);
                break;
            default:
                throw new InvalidOperationException($"{node.GetType().Name} is never written.");
        }
    }

    private static void Emit(Emitter emitter, string text, bool isPlain) => emitter.Emit(new Scalar(
        AnchorName.Empty, TagName.Empty, text, isPlain ? ScalarStyle.Plain : ScalarStyle.DoubleQuoted, isPlain, !isPlain));
}
