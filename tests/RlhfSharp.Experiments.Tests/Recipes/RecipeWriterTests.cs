using System.Text.Json.Nodes;
using CsCheck;
using RlhfSharp.Experiments.Recipes;

namespace RlhfSharp.Experiments.Tests.Recipes;

public sealed class RecipeWriterTests
{
    // A lone half of a surrogate pair is not text: no file can hold it.
    private static readonly Gen<string> Text = Gen.OneOf(
        Gen.String.Where(IsText),
        Gen.OneOf("", " ", "null", "~", "true", "yes", "1", "1e5", ".inf", "<<", "- a", "a: b", "#", "'", "\"", "a ", "a.b", "---"),
        Gen.OneOf("\n", "a\r\nb\u2028", "\u0085", "\t", "ä", "\U0001F600", "\u0000", "\uFEFF", "\u007f"),
        Gen.Char["abc -:#'\"\\\n\t{}[]&*!|>%@,?"].Array[0, 12].Select(letters => new string(letters)));

    private static readonly Gen<double> Number = Gen.OneOf(
        Gen.Double,
        Gen.OneOf(0.0, -0.0, 1.0, 1e-8, 1e20, double.Epsilon, double.MaxValue, double.NaN, double.PositiveInfinity, double.NegativeInfinity));

    private static readonly Gen<JsonNode?> Json = Gen.Recursive<JsonNode?>((depth, inner) => depth > 3
        ? Text.Select(text => (JsonNode?)JsonValue.Create(text))
        : Gen.OneOf(
            Text.Select(text => (JsonNode?)JsonValue.Create(text)),
            Gen.Double.Where(double.IsFinite).Select(number => (JsonNode?)JsonValue.Create(number)),
            Gen.Long.Select(number => (JsonNode?)JsonValue.Create(number)),
            Gen.Bool.Select(truth => (JsonNode?)JsonValue.Create(truth)),
            Gen.Const((JsonNode?)null),
            inner.Array[0, 3].Select(items => (JsonNode?)new JsonArray([.. items.Select(item => item?.DeepClone())])),
            Gen.Dictionary(Text, inner)[0, 3].Select(pairs => (JsonNode?)Section(pairs))));

    private static readonly Gen<SampleObjective> Objective = Gen.OneOf<SampleObjective>(
        Gen.Select(Number, Gen.Double[0.001, 0.999], (scale, tau) => (SampleObjective)new SampleIlql { Scale = scale, Tau = tau }),
        Gen.Select(Gen.Double[0.1, 9].Array[0, 3], Gen.Int, (betas, a) => (SampleObjective)new SampleDpo { Betas = betas, Inner = new() { A = a } }));

    private static readonly Gen<SampleRecipe> Recipes = Gen.Select(
        Gen.Select(Text, Gen.Long.Where(seed => seed >= 0).Array[1, 3], Gen.Bool),
        Gen.Select(Text.Null(), Gen.Dictionary(Text, Json)[0, 3].Select(Section).Null()),
        Gen.Select(Gen.Int[500, int.MaxValue], Gen.Enum<SampleTooLong>(), Number.Nullable()),
        Objective,
        Gen.Dictionary(Text, Number)[0, 3],
        Gen.Select(Text, Gen.Enum<SampleTooLong>().Array[0, 3]).Array[0, 3],
        (head, model, loop, objective, weights, stages) => new SampleRecipe
        {
            Name = "a",
            Description = head.Item1,
            Seeds = head.Item2,
            Model = new SampleModel { Path = model.Item1, New = (JsonObject?)model.Item2?.DeepClone(), Frozen = head.Item3 },
            Loop = new SampleLoop { MaxSteps = loop.Item1, OnTooLong = loop.Item2, Limit = loop.Item3 },
            Objective = objective,
            Weights = weights,
            Stages = [.. stages.Select(stage => new SampleStage { Name = stage.Item1, Modes = stage.Item2 })],
        });

    [Fact]
    public void ToYaml_AnyRecipe_ReadsBackEqual() => Recipes.Sample(recipe =>
    {
        var again = RecipeReaderTests.Parse(RecipeWriter.ToYaml(recipe));

        Assert.Equal(recipe.Description, again.Description);
        Assert.Equal(recipe.Seeds, again.Seeds);
        Assert.Equal(recipe.Model.Path, again.Model.Path);
        Assert.Equal(recipe.Model.Frozen, again.Model.Frozen);
        Assert.True(JsonNode.DeepEquals(recipe.Model.New, again.Model.New), $"{recipe.Model.New} != {again.Model.New}");
        Assert.Equal(recipe.Loop, again.Loop);
        Assert.Equal(Bits(recipe.Objective.Scale), Bits(again.Objective.Scale));
        Assert.Equal((recipe.Objective as SampleIlql)?.Tau, (again.Objective as SampleIlql)?.Tau);
        Assert.Equal((recipe.Objective as SampleDpo)?.Betas, (again.Objective as SampleDpo)?.Betas);
        Assert.Equal((recipe.Objective as SampleDpo)?.Inner, (again.Objective as SampleDpo)?.Inner);
        Assert.Equal(recipe.Weights.Select(pair => (pair.Key, Bits(pair.Value))), again.Weights.Select(pair => (pair.Key, Bits(pair.Value))));
        Assert.Equal(recipe.Stages.Select(stage => stage.Name), again.Stages.Select(stage => stage.Name));
        Assert.Equal(recipe.Stages.SelectMany(stage => stage.Modes), again.Stages.SelectMany(stage => stage.Modes));
    }, iter: 500, threads: 1);

    [Fact]
    public void ToYaml_AnyRecipe_WritesTheSameTextAgain() => Recipes.Sample(
        recipe => RecipeWriter.ToYaml(RecipeReaderTests.Parse(RecipeWriter.ToYaml(recipe))) == RecipeWriter.ToYaml(recipe), iter: 100, threads: 1);

    [Fact]
    public void ToYaml_Sample_ListsAllSettingsInOrderOfDeclaration() => Assert.Equal(
        """
        name: walks
        description: "Ends: soon"
        seeds: [0, 1]
        model:
          path: null
          new:
            n_layer: 2
            activation: "null"
          frozen: false
        loop:
          maxSteps: 1000
          saveEvery: 7
          rate: 1.0e-08
          bits: 32
          onTooLong: error
          bestMetric: null
          limit: 3
        objective:
          kind: dpo
          scale: 1
          betas: [0.1]
          inner:
            a: 1
            b: 2
        weights: {}
        stages:
          - name: first
            modes: [truncate-left, skip]
        variants: []

        """,
        RecipeWriter.ToYaml(new SampleRecipe
        {
            Name = "walks",
            Description = "Ends: soon",
            Seeds = [0, 1],
            Model = new SampleModel { New = new JsonObject { ["n_layer"] = 2, ["activation"] = "null" } },
            Objective = new SampleDpo(),
            Stages = [new SampleStage { Name = "first", Modes = [SampleTooLong.TruncateLeft, SampleTooLong.Skip] }],
        }));

    private static bool IsText(string text)
    {
        try
        {
            return new System.Text.UTF8Encoding(false, throwOnInvalidBytes: true).GetByteCount(text) >= 0;
        }
        catch (System.Text.EncoderFallbackException)
        {
            return false;
        }
    }

    private static long Bits(double value) => double.IsNaN(value) ? long.MinValue : BitConverter.DoubleToInt64Bits(value);

    private static JsonObject Section(Dictionary<string, JsonNode?> pairs) =>
        new JsonObject(pairs.Select(pair => KeyValuePair.Create(pair.Key, pair.Value?.DeepClone())));
}
