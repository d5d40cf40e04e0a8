using System.Text.Json.Nodes;
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
        return ArchitectureRegistry.Read(new ConfigFile(json, "model.new"));
    }

    /// <summary>Makes the model with the heads that the objective needs, frozen as the recipe says.</summary>
    public static LanguageModel Create(TrainingRecipe recipe, Tokenizer tokenizer, long seed, Device device)
    {
        var type = recipe.Model.Type.Resolve(device);
        var model = recipe.Model.Path is { } path
            ? Checkpoint.Load(CheckpointPath.Resolve(path), type, device)
            : LanguageModel.Create(ReadConfig(recipe.Model, tokenizer), seed, type, device);
        try
        {
            if (recipe.Objective is IlqlOptions ilql && model.Head<IlqlHeads>() is null)
            {
                var heads = IlqlHeads.Create(model.Config.HiddenSize, model.Config.VocabularySize, ilql.TwoQs, seed, type, device);
                model.Add(heads);
                if (ilql.QInitialization == QInitialization.LanguageModel)
                {
                    heads.StartFrom(model.OutputWeight);
                }
            }
            if (recipe.Model.Lora is { } lora)
            {
                model.Attach(LoraAdapter.Create(model.Config, lora, isClassifier: false, BasePath(recipe.Model), seed, ScalarType.Float32, device));
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
