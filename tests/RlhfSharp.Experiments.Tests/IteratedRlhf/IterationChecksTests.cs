using RlhfSharp.Experiments.IteratedRlhf;
using RlhfSharp.Experiments.Recipes;
using RlhfSharp.Models.Runtime;

namespace RlhfSharp.Experiments.Tests.IteratedRlhf;

/// <summary>Mistakes are told before hours of work, and before an older run is removed.</summary>
public sealed class IterationChecksTests
{
    private const string Recipe = """
        name: checks
        model: { path: start }
        data: { kind: pink-elephants }
        gold: { path: gold }
        objective: { kind: ppo }
        variants: [{ name: other, set: { iterations: 2 } }]
        """;

    [Theory]
    [InlineData("objective={ kind: sft }", "objective: rlhf iterate improves a policy by ppo, rloo, grpo, rest, dpo or best-of-n, not by Supervised fine-tuning.")]
    [InlineData("objective={ kind: rest, originalAnswers: 3 }", "objective.originalAnswers: there are no answers but the policy's own.")]
    [InlineData("model.path=null", "rlhf iterate needs model.path")]
    [InlineData("model.new={ model_type: gpt2 }", "model: give path alone")]
    [InlineData("proxy={ path: proxy, new: { model_type: gpt2 } }", "proxy: give path (what it starts from), or new")]
    [InlineData("loop.bestMetric=gap", "loop.bestMetric: an iteration goes on from its last policy.")]
    [InlineData("gold={ format: plain }", "gold: give exactly one of path and endpoint.")]
    [InlineData("gold={ path: gold, endpoint: { url: 'http://here', kind: open-rlhf }, format: plain }", "gold: give exactly one of path and endpoint.")]
    [InlineData("gold={ endpoint: { url: 'http://here', kind: open-rlhf } }", "gold.format: a server does not say how dialogues are written out for its model.")]
    [InlineData("gold={ endpoint: { url: here, kind: open-rlhf }, format: plain }", "The reward endpoint cannot be used: 'here' is no http or https address.")]
    [InlineData("variants[0].set={ seeds: [4] }", "variant other: seeds: all rows have the same ones.")]
    [InlineData("variants[0].set={ start: last, model.lora.rank: 2 }", "variant other: model.lora goes with start: supervised only.")]
    [InlineData("variants[0].set={ start: last, objective: { kind: best-of-n } }", "variant other: objective: best-of-n goes with start: supervised only.")]
    [InlineData("variants[0].set={ model.lora.rank: 2, objective: { kind: best-of-n } }", "variant other: model.lora: best-of-n trains nothing.")]
    [InlineData("variants[0].name=base", "A row cannot be called 'base': another one is")]
    [InlineData("variants[0].name=start", "A row cannot be called 'start': the model before training is")]
    [InlineData("rows=[nothing]", "rows: there is no row 'nothing'.")]
    public void Check_Mistake_IsNamed(string setting, string expected) => Assert.StartsWith(
        expected, Assert.Throws<InputException>(() => IterationSession.Check(new RecipeSource("checks.yaml", Recipe), [setting])).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("objective={ kind: rest, thresholds: [0.9, 0.7] }", "thresholds are [0.9, 0.7]; thresholds rise, from 0 to 1.")]
    [InlineData("seeds=[1, 2, 1]", "the seed 1 is there 2 times")]
    public void Check_MistakeOfASetting_NamesFileAndLine(string setting, string expected) => Assert.Contains(
        expected, Assert.Throws<RecipeException>(() => IterationSession.Check(new RecipeSource("checks.yaml", Recipe), [setting])).Message, StringComparison.Ordinal);

    [Fact]
    public void Check_NothingWrong_GivesTheRecipe() => Assert.Equal("checks", IterationSession.Check(new RecipeSource("checks.yaml", Recipe), []).Name);
}
