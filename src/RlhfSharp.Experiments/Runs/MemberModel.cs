using System.Text.Json.Nodes;
using RlhfSharp.Experiments.Dialogues;
using RlhfSharp.Experiments.PinkElephants;
using RlhfSharp.Experiments.Recipes;
using RlhfSharp.Models;
using RlhfSharp.Models.Adapters;
using RlhfSharp.Models.Architectures;
using RlhfSharp.Models.Checkpoints;
using RlhfSharp.Models.Heads;
using RlhfSharp.Models.Runtime;
using RlhfSharp.Models.Tokenization;
using RlhfSharp.Training.Loop;
using RlhfSharp.Training.Objectives;
using RlhfSharp.Training.Rewards;
using static TorchSharp.torch;

namespace RlhfSharp.Experiments.Runs;

/// <summary>Makes the model that a recipe asks for.</summary>
internal static class MemberModel
{
    /// <summary>Reads the configuration only, for checks that need no weights.</summary>
    public static ModelConfig ReadConfig(ModelOptions options, Tokenizer tokenizer)
    {
        if ((options.Path is null) == (options.New is null))
        {
            throw new InputException("model: give exactly one of 'path' (a checkpoint or a run) and 'new' (the config.json of a model to be drawn at random).");
        }
        if (options.Path is { } path)
        {
            return Checkpoint.ReadConfig(CheckpointPath.Resolve(path));
        }
        // Through text: a number that was made here knows its type, one that was read converts.
        var json = JsonNode.Parse(options.New!.ToJsonString())!.AsObject();
        json["vocab_size"] ??= tokenizer.VocabularySize;
        // Or whoever loads the model elsewhere would not know where answers begin and end.
        foreach (var (key, id) in new[] { ("bos_token_id", tokenizer.BosId), ("eos_token_id", tokenizer.EosId) })
        {
            if (id is not null)
            {
                json[key] ??= id;
            }
        }
        return ArchitectureRegistry.Read(new ConfigFile(json, "model.new"));
    }

    /// <summary>Makes the model with the heads that the objective needs, frozen as the recipe says.</summary>
    public static TransformerModel Create(TrainingRecipe recipe, Tokenizer tokenizer, long seed, Device device)
    {
        var type = recipe.Model.Type.Resolve(device);
        var isReward = recipe.Objective is RewardModelOptions;
        TransformerModel model = isReward ? CreateRewardModel(recipe, seed, type, device) : CreateLanguageModel(recipe, tokenizer, seed, type, device);
        try
        {
            if (recipe.Model.Lora is { } lora)
            {
                model.Attach(LoraAdapter.Create(model.Config, lora, isReward, BasePath(recipe.Model), seed, ScalarType.Float32, device));
            }
            else
            {
                LayerFreezing.Apply(model, recipe.Model.UnfrozenLayers);
            }
            return model;
        }
        catch
        {
            model.Dispose();
            throw;
        }
    }

    private static LanguageModel CreateLanguageModel(TrainingRecipe recipe, Tokenizer tokenizer, long seed, ScalarType type, Device device)
    {
        var model = recipe.Model.Path is { } path
            ? Checkpoint.Load(CheckpointPath.Resolve(path), type, device)
            : LanguageModel.Create(ReadConfig(recipe.Model, tokenizer), seed, type, device);
        if (recipe.Objective is IlqlOptions ilql && model.Head<IlqlHeads>() is null)
        {
            var heads = IlqlHeads.Create(model.Config.HiddenSize, model.Config.VocabularySize, ilql.TwoQs, seed, type, device);
            model.Add(heads);
            if (ilql.QInitialization == QInitialization.LanguageModel)
            {
                heads.StartFrom(model.OutputWeight);
            }
        }
        if (recipe.Objective is PpoOptions && model.Head<ValueHead>() is null)
        {
            model.Add(ValueHead.Create(model.Config.HiddenSize, seed, type, device));
        }
        return model;
    }

    // From a language model with new scores, or from a reward model that goes on learning.
    private static SequenceClassifier CreateRewardModel(TrainingRecipe recipe, long seed, ScalarType type, Device device)
    {
        var path = CheckpointPath.Resolve(recipe.Model.Path
            ?? throw new InputException("objective.kind: reward-model needs model.path: it starts from a language model or from another reward model."));
        var model = Checkpoint.IsClassifier(path) ? Checkpoint.LoadClassifier(path, type, device) : Checkpoint.StartClassifier(path, labelCount: 1, seed, type, device);
        if (model.LabelCount != 1)
        {
            model.Dispose();
            throw new InputException($"'{path}' gives {model.LabelCount} scores; a reward model gives one.");
        }
        var format = recipe.Data switch
        {
            DialogueDataOptions data => data.Format,
            PinkElephantDataOptions data => PinkElephantData.RewardFormatName(data, model.Config),
            _ => null,
        };
        if (format is not null)
        {
            model.Config.File.Json[RewardFormat.ConfigKey] = format;   // scoring must write answers out as training did
        }
        return model;
    }

    // As the recipe gives it, as PEFT does: runs of one recipe in two places write the same files.
    private static string BasePath(ModelOptions options)
    {
        var path = CheckpointPath.Resolve(options.Path ?? throw new InputException("model.lora needs model.path: an adapter is saved without its model, which must lie somewhere."));
        if (options.UnfrozenLayers != -1)
        {
            throw new InputException("model.lora and model.unfrozenLayers exclude each other: under an adapter the model's own weights do not train.");
        }
        return path;
    }
}
