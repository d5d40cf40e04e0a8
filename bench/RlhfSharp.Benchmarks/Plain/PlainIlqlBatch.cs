using RlhfSharp.Training.Data;
using static TorchSharp.torch;

namespace RlhfSharp.Benchmarks.Plain;

/// <summary>Dialogues as rectangles: everything is padded on the right to the longest row, as trlX pads it.</summary>
internal sealed class PlainIlqlBatch
{
    public PlainIlqlBatch(IReadOnlyList<TokenizedDialogue> dialogues)
    {
        var answers = dialogues.Select(AnswerPositions).ToList();
        Tokens = Rectangle(dialogues, dialogue => dialogue.Tokens.Select(id => (long)id));
        ActionPositions = Rectangle(answers, positions => positions.Select(position => position - 1L));
        ActionTokens = Rectangle(Enumerable.Range(0, dialogues.Count), row => answers[row].Select(position => (long)dialogues[row].Tokens[position]));
        StatePositions = Rectangle(
            Enumerable.Range(0, dialogues.Count), row => answers[row].Select(position => position - 1L).Append(dialogues[row].Tokens.Length - 1));
        Rewards = Rectangle(Enumerable.Range(0, dialogues.Count), row => answers[row].Select(position => (float)dialogues[row].Rewards![position]));
        IsAction = Rectangle(answers, positions => positions.Select(_ => 1f));
        Continues = Rectangle(answers, positions => positions.Select((_, action) => action < positions.Length - 1 ? 1f : 0f));
    }

    /// <summary>Gets the token ids, <c>[rows, columns]</c>.</summary>
    public Tensor Tokens { get; }

    /// <summary>Gets the column before each answer token, <c>[rows, actions]</c>.</summary>
    public Tensor ActionPositions { get; }

    /// <summary>Gets the answer tokens, <c>[rows, actions]</c>.</summary>
    public Tensor ActionTokens { get; }

    /// <summary>Gets the columns of states: the actions' and then the last token's, <c>[rows, actions + 1]</c>.</summary>
    public Tensor StatePositions { get; }

    /// <summary>Gets what actions earned, <c>[rows, actions]</c>.</summary>
    public Tensor Rewards { get; }

    /// <summary>Gets 1 where there is an action and 0 at padding, <c>[rows, actions]</c>.</summary>
    public Tensor IsAction { get; }

    /// <summary>Gets 1 where the dialogue goes on after the action, <c>[rows, actions]</c>.</summary>
    public Tensor Continues { get; }

    private static int[] AnswerPositions(TokenizedDialogue dialogue) =>
        [.. dialogue.IsAnswer.Index().Where(token => token.Index > 0 && token.Item).Select(token => token.Index)];

    private static Tensor Rectangle<TRow, TValue>(IEnumerable<TRow> rows, Func<TRow, IEnumerable<TValue>> select)
        where TValue : unmanaged
    {
        var values = rows.Select(row => select(row).ToArray()).ToList();
        var columns = values.Max(row => row.Length);
        var padded = values.SelectMany(row => row.Concat(Enumerable.Repeat(default(TValue), columns - row.Length))).ToArray();
        return from_array(padded).view(values.Count, columns).clone();
    }
}
