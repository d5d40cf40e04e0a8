using System.Globalization;
using RlhfSharp.Experiments.PinkElephants;
using RlhfSharp.Experiments.Recipes;
using RlhfSharp.Experiments.Runs;
using RlhfSharp.Models;
using RlhfSharp.Models.Architectures;
using RlhfSharp.Models.Runtime;
using RlhfSharp.Models.Tokenization;
using RlhfSharp.Training.Data;
using RlhfSharp.Training.Objectives;
using RlhfSharp.Training.Rollouts;

namespace RlhfSharp.Experiments.Dialogues;

/// <summary>Prompts from files, for policies that answer themselves; what answers stand in the files is not read. One fold is held out.</summary>
internal static class PromptData
{
    public static PreparedData Prepare(
        DialogueDataOptions options, RewardEvaluationOptions evaluation, TrainingRecipe recipe, Tokenizer tokenizer, ModelConfig config, int fold)
    {
        var objective = (OnPolicyOptions)recipe.Objective;
        var badRows = new BadRows(options.OnBadRow);
        var rows = options.Files.SelectMany(file => TextRowReader.Read(file, RowSchema.Auto, badRows)).ToList();
        var format = ChatFormats.Get(options.Format);
        var writer = new DialoguePrompts(tokenizer, format);
        var limit = (options.MaxTokens > 0 ? Math.Min(options.MaxTokens, config.MaxPositions) : config.MaxPositions) - objective.MaxNewTokens;
        // Each prompt once, however many answers it has. The folds are those of the data, as for reward models.
        var passages = rows.Select(row => (row.Id, row.Source, Passage: PromptOf(row))).DistinctBy(row => row.Passage.Fingerprint).ToList();
        var prompts = passages.ConvertAll(row => new RolloutPrompt(row.Id, row.Passage, writer.Prompt(row.Passage)));
        var isShort = prompts.ConvertAll(prompt => prompt.Tokens.Count <= limit);
        if (options.OnTooLong == OnTooLong.Error && isShort.IndexOf(false) is >= 0 and var tooLong)
        {
            throw new InputException(
                $"{passages[tooLong].Source}: the prompt has {prompts[tooLong].Tokens.Count} tokens, which leaves no room for {objective.MaxNewTokens} more (limit {limit + objective.MaxNewTokens}). Allowed: data.onTooLong: skip, or a smaller objective.maxNewTokens.");
        }
        var split = DataSplit.OfFold([.. passages.Select(row => row.Passage.Fingerprint)], options.Folds, fold, seed: 0);
        IReadOnlyList<RolloutPrompt> Of(IReadOnlyList<int> indices) => [.. indices.Where(index => isShort[index]).Select(index => prompts[index])];
        var (train, heldOut) = (Of(split.Train), Of(split.HeldOut).Take(evaluation.Prompts).ToList());
        if (train.Count == 0 || heldOut.Count == 0)
        {
            throw new InputException($"No prompt leaves room for objective.maxNewTokens ({objective.MaxNewTokens}) within {limit + objective.MaxNewTokens} tokens.");
        }
        var groups = passages.ToDictionary(row => row.Id, row => row.Passage.Fingerprint, StringComparer.Ordinal);
        return new PreparedData
        {
            Prompts = train,
            StopStrings = format.StopStrings,
            Fold = fold,
            Evaluation = (model, ownTokenizer, seed) => Evaluation(Sampler((LanguageModel)model, ownTokenizer, seed)),
            Facts =
            [
                new DataFact("Prompts", $"{passages.Count} different ones of {rows.Count} rows; {train.Count} to train on, {heldOut.Count} held out"),
                new DataFact("Rows left out", badRows.Skipped.Count.ToString(CultureInfo.InvariantCulture)),
                new DataFact("Prompts too long", $"{isShort.Count(fits => !fits)} (limit {limit} tokens, {objective.MaxNewTokens} more for the answer)"),
            ],
        };

        RewardEvaluation Evaluation(RolloutSampler sampler)
        {
            try
            {
                return new RewardEvaluation(sampler, heldOut, groups, evaluation, objective);
            }
            catch
            {
                sampler.Dispose();
                throw;
            }
        }

        // Other answers than training draws: the reward is the same.
        RolloutSampler Sampler(LanguageModel model, Tokenizer ownTokenizer, long seed)
        {
            // As the rewards come: standardised, their mean would be 0 whatever the policy did.
            var plain = recipe with { Rewards = [.. recipe.Rewards.Select(part => part with { Standardize = false, Clip = null })] };
            var reward = MemberReward.Create(plain, (_, _) => null, fold, seed, model.Device);
            try
            {
                return new RolloutSampler(model, ReferencePolicy.Of(model), ownTokenizer, reward, format.StopStrings, unchecked((long)new NamedRandom(seed, "reward-evaluation").NextUInt64()));
            }
            catch
            {
                reward.Dispose();
                throw;
            }
        }
    }

    private static Passage PromptOf(TextRow row) => row switch
    {
        PromptRow prompt => prompt.Prompt,
        PreferenceRow preference => preference.Prompt,
        PromptCompletionRow completed => completed.Prompt,
        UnpairedPreferenceRow judged => judged.Prompt,
        RewardedRow { Prompt: { } prompt } => prompt,
        _ => throw new InputException($"{row.Source}: the row has no prompt of its own: a policy that answers by itself needs a column 'prompt'."),
    };
}
