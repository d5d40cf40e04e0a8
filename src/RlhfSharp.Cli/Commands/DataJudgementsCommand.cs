using System.CommandLine;
using System.Text.Json.Nodes;
using RlhfSharp.Experiments.IteratedRlhf;

namespace RlhfSharp.Cli.Commands;

/// <summary><c>rlhf data judgements</c>: pairs of answers of the built-in world with the preference of a written judgement, to train the gold reward model on.</summary>
internal sealed class DataJudgementsCommand : RlhfCommand
{
    private const int UsualPairs = 60_000;

    private readonly Option<string> _out = new("--out") { Description = "The folder to write: train.jsonl and held-out.jsonl.", Required = true };
    private readonly Option<string> _model = new("--model") { Description = "Whose answers are judged beside written ones: the model that policies start from.", DefaultValueFactory = _ => "tiny-world/small" };
    private readonly Option<int?> _pairs = new("--pairs") { Description = "About how many pairs to train on, up to 62,400; 60,000 unless given." };
    private readonly Option<long> _seed = new("--seed") { Description = "The seed; 0 unless given." };
    private readonly Option<bool> _overwrite = new("--overwrite") { Description = "Replace the folder's files." };

    public DataJudgementsCommand()
        : base("judgements", "Write pairs of answers with the preference of a written judgement of the built-in world.")
    {
        foreach (var option in new Option[] { _out, _model, _pairs, _seed, _overwrite })
        {
            Add(option);
        }
        _pairs.Between(JudgementFiles.PairsPerDialogue, JudgementFiles.MostPairs);
    }

    protected override int Run(CommandContext context)
    {
        var directory = context.Value(_out)!;
        foreach (var file in new[] { JudgementFiles.TrainingFile, JudgementFiles.HeldOutFile })
        {
            OutputFile.Require(Path.Combine(directory, file), context.Value(_overwrite));
        }
        using var progress = new ShareProgress(context.Error, "answering and judging");
        var (training, heldOut) = JudgementFiles.Write(
            directory, context.Value(_model)!, context.Value(_pairs) ?? UsualPairs, context.Value(_seed), context.SelectDevice(), progress, context.CancellationToken);
        if (context.Json)
        {
            context.WriteJson(new JsonObject { ["folder"] = directory, ["train"] = training, ["heldOut"] = heldOut });
            return ExitCodes.Done;
        }
        context.Output.WriteLine($"{directory}: {training} pairs to train on, {heldOut} about other pairs of things.");
        return ExitCodes.Done;
    }
}
