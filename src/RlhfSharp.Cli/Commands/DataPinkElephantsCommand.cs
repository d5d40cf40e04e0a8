using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using RlhfSharp.Experiments.Endpoints;
using RlhfSharp.Experiments.PinkElephants;

namespace RlhfSharp.Cli.Commands;

/// <summary><c>rlhf data pink-elephants</c>: dialogues about what must not be mentioned, from the built-in world or by a language model.</summary>
internal sealed class DataPinkElephantsCommand : RlhfCommand
{
    private readonly Option<string> _out = new("--out") { Description = "The folder to write.", Required = true };
    private readonly Option<long?> _seed = new("--seed") { Description = "The seed; 0 unless given." };
    private readonly Option<bool> _overwrite = new("--overwrite") { Description = "Remove the data set that is in the folder, its transcript too, and start anew." };
    private readonly Option<bool> _resume = new("--resume") { Description = "Go on with the folder as it was begun, or changed by other options; nothing is asked twice." };
    private readonly EndpointArguments _endpoint = new();
    private readonly Option<int?> _topics = new("--topics") { Description = "By a language model: how many topics; 10 unless given." };
    private readonly Option<int?> _pairs = new("--pairs-per-topic") { Description = "By a language model: how many pairs of things per topic; 8 unless given." };
    private readonly Option<int?> _dialogues = new("--dialogues-per-pair") { Description = "By a language model: how many dialogues per pair; 6 unless given." };

    public DataPinkElephantsCommand()
        : base("pink-elephants", "Write dialogues with a thing that must not be mentioned: the built-in set, or one that a language model writes.")
    {
        Option[] options = [_out, _seed, _overwrite, _resume, .. _endpoint.Connection, .. _endpoint.Sampling, _topics, _pairs, _dialogues];
        foreach (var option in options)
        {
            Add(option);
        }
        _topics.Between(1, 1000);
        _pairs.Between(1, 1000);
        _dialogues.Between(1, 1000);
        Validators.Add(result =>
        {
            if (result.GetValue(_overwrite) && result.GetValue(_resume))
            {
                result.AddError("--overwrite starts anew and --resume goes on: give one of them.");
            }
            else if (!result.GetValue(_resume))
            {
                _endpoint.RequireWhole(result, [.. _endpoint.Sampling, _topics, _pairs, _dialogues]);
            }
        });
    }

    protected override int Run(CommandContext context)
    {
        var directory = context.Value(_out)!;
        using var folder = Open(context, directory, out var settings);
        try
        {
            var (dialogues, facts) = settings.Endpoint is { } endpoint
                ? Ask(context, folder, settings, endpoint)
                : (DialogueSet.Create(settings.Seed), DialogueFacts.BuiltIn(settings.Seed));
            using (var progress = new ShareProgress(context.Error, "writing"))
            {
                DialogueFiles.Write(directory, dialogues, facts, progress);
            }
            Show(context, directory, dialogues, facts);
            return ExitCodes.Done;
        }
        catch (Exception exception) when (exception is OperationCanceledException or EndpointException)
        {
            context.Error.WriteLine($"The answers so far are kept. Go on with: rlhf data pink-elephants --out {directory} --resume");
            throw;
        }
    }

    private DialogueFolder Open(CommandContext context, string directory, out DialogueSettings settings)
    {
        if (!context.Value(_resume))
        {
            settings = Change(context, new DialogueSettings());
            return DialogueFolder.Create(directory, context.Value(_overwrite), settings);
        }
        (var folder, settings) = DialogueFolder.Resume(directory, recorded => Change(context, recorded));
        return folder;
    }

    private DialogueSettings Change(CommandContext context, DialogueSettings settings)
    {
        var seed = context.Value(_seed) ?? settings.Seed;
        if (_endpoint.Change(context, settings.Endpoint) is not { } endpoint)
        {
            return new DialogueSettings { Seed = seed };
        }
        var principles = settings.Principles ?? new PrincipleOptions();
        return new DialogueSettings
        {
            Seed = seed,
            Endpoint = _endpoint.ChangeSampling(context, endpoint),
            Principles = principles with
            {
                Topics = context.Value(_topics) ?? principles.Topics,
                PairsPerTopic = context.Value(_pairs) ?? principles.PairsPerTopic,
                DialoguesPerPair = context.Value(_dialogues) ?? principles.DialoguesPerPair,
            },
        };
    }

    private static (DialogueSet Dialogues, DialogueFacts Facts) Ask(CommandContext context, DialogueFolder folder, DialogueSettings settings, EndpointOptions endpoint)
    {
        using var progress = new RequestProgress(context.Error);
        using var client = EndpointClient.Open(endpoint, folder.TranscriptPath, TimeProvider.System, progress);
        var result = PrincipleDialogues.WriteAsync(client, settings.Principles!, settings.Seed, progress, context.CancellationToken).GetAwaiter().GetResult();
        return (result.Dialogues, new DialogueFacts(settings, client.Usage, result.Dropped));
    }

    private static void Show(CommandContext context, string directory, DialogueSet dialogues, DialogueFacts facts)
    {
        var tokens = facts.Usage.InputTokens + facts.Usage.OutputTokens;
        var cost = facts.Settings.Endpoint is { } endpoint ? facts.Usage.Cost(endpoint) : 0;
        if (context.Json)
        {
            context.WriteJson(new JsonObject
            {
                ["directory"] = directory,
                ["rows"] = new JsonObject
                {
                    ["train"] = dialogues.Training.Count,
                    ["validation"] = dialogues.Validation.Count,
                    ["evaluation"] = dialogues.Evaluation.Count,
                },
                ["dropped"] = new JsonObject(facts.Dropped.Select(drop => KeyValuePair.Create(drop.Key, (JsonNode?)drop.Value))),
                ["requests"] = facts.Usage.Requests,
                ["tokens"] = tokens,
                ["cost"] = cost,
            });
            return;
        }
        context.Output.WriteLine(
            $"{directory}: {dialogues.Training.Count} dialogues to train on, {dialogues.Validation.Count} for validation, {dialogues.Evaluation.Count} for evaluation.");
        if (facts.Settings.Endpoint is not null)
        {
            var bill = cost > 0 ? string.Create(CultureInfo.InvariantCulture, $", cost {cost:0.00##}") : string.Empty;
            context.Output.WriteLine($"{facts.Usage.Requests} answers ({facts.Usage.Asked} of them new), {tokens} tokens{bill}.");
            foreach (var (reason, count) in facts.Dropped)
            {
                context.Output.WriteLine($"  left out  {count,5}  {reason}");
            }
        }
    }
}
