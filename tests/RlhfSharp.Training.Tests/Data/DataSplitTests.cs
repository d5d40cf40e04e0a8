using CsCheck;
using RlhfSharp.Models.Runtime;
using RlhfSharp.Training.Data;

namespace RlhfSharp.Training.Tests.Data;

public class DataSplitTests
{
    private static readonly Gen<string[]> Groups = Gen.Int[0, 12].Select(group => $"g{group}").Array[1, 60];

    [Fact]
    public void Assign_AnyGroups_KeepsThemTogetherAndDealsThemOutEvenly() => Gen.Select(Groups, Gen.Int[2, 6], Gen.Long).Sample(
        (groups, folds, seed) =>
        {
            var distinct = groups.Distinct().Count();
            if (distinct < folds)
            {
                Assert.Throws<InputException>(() => Folds.Assign(groups, folds, seed));
                return;
            }
            var assigned = Folds.Assign(groups, folds, seed);

            var foldsOfGroup = groups.Zip(assigned).Distinct().ToList();
            Assert.Equal(distinct, foldsOfGroup.Count);
            var sizes = foldsOfGroup.CountBy(pair => pair.Second).Select(pair => pair.Value).ToList();
            Assert.Equal(folds, sizes.Count);
            Assert.True(sizes.Max() - sizes.Min() <= 1);
        },
        threads: 1);

    [Fact]
    public void OfFold_AllFolds_HoldEveryItemOutOnce() => Gen.Select(Groups, Gen.Long).Where((groups, _) => groups.Distinct().Count() >= 3).Sample(
        (groups, seed) =>
        {
            var splits = Enumerable.Range(0, 3).Select(fold => DataSplit.OfFold(groups, 3, fold, seed)).ToList();

            Assert.Equal(Enumerable.Range(0, groups.Length), splits.SelectMany(split => split.HeldOut).Order());
            Assert.All(splits, split => AssertSplit(groups, split));
        },
        threads: 1);

    [Fact]
    public void ByFraction_AnyGroups_KeepsThemTogetherAndTakesTheShare() =>
        Gen.Select(Groups, Gen.Double[0.01, 0.99], Gen.Long).Where((groups, _, _) => groups.Distinct().Count() >= 2).Sample(
            (groups, fraction, seed) =>
            {
                var split = DataSplit.ByFraction(groups, fraction, seed);

                AssertSplit(groups, split);
                var distinct = groups.Distinct().Count();
                var heldOut = split.HeldOut.Select(index => groups[index]).Distinct().Count();
                Assert.InRange(heldOut, 1, distinct - 1);
                Assert.True(Math.Abs(heldOut - fraction * distinct) <= 1);
            },
            threads: 1);

    [Fact]
    public void Assign_OtherOrderOfItems_GivesEveryGroupTheSameFold()
    {
        string[] groups = [.. Enumerable.Range(0, 40).Select(i => $"g{i % 13}")];

        Assert.Equal(Folds.Assign(groups, 5, seed: 3), Folds.Assign([.. groups.Reverse()], 5, seed: 3).Reverse());
    }

    [Fact]
    public void Assign_OtherSeed_DealsOtherwise()
    {
        string[] groups = [.. Enumerable.Range(0, 40).Select(i => $"g{i}")];

        Assert.Equal(Folds.Assign(groups, 5, seed: 1), Folds.Assign(groups, 5, seed: 1));
        Assert.NotEqual(Folds.Assign(groups, 5, seed: 1), Folds.Assign(groups, 5, seed: 2));
    }

    [Fact]
    public void Splits_OfWhatCannotBeSplit_AreErrors()
    {
        Assert.Contains("holds no rows", Message(() => Folds.Assign([], 2, 0)), StringComparison.Ordinal);
        Assert.Contains("has 2 different prompts, too few for 3 folds", Message(() => Folds.Assign(["a", "b", "a"], 3, 0)), StringComparison.Ordinal);
        Assert.Contains("expected at least 2", Message(() => Folds.Assign(["a", "b"], 1, 0)), StringComparison.Ordinal);
        Assert.Contains("Fold 2 does not exist", Message(() => DataSplit.OfFold(["a", "b"], 2, 2, 0)), StringComparison.Ordinal);
        Assert.Contains("share one prompt", Message(() => DataSplit.ByFraction(["a", "a"], 0.5, 0)), StringComparison.Ordinal);
        Assert.Contains("holds no rows", Message(() => DataSplit.ByFraction([], 0.5, 0)), StringComparison.Ordinal);
        Assert.All([0, 1, double.NaN], fraction => Assert.Contains(
            "expected a number between 0 and 1", Message(() => DataSplit.ByFraction(["a", "b"], fraction, 0)), StringComparison.Ordinal));

        static string Message(Func<object> action) => Assert.Throws<InputException>(action).Message;
    }

    private static void AssertSplit(string[] groups, DataSplit split)
    {
        Assert.Equal(Enumerable.Range(0, groups.Length), split.Train.Concat(split.HeldOut).Order());
        Assert.NotEmpty(split.Train);
        Assert.Empty(split.Train.Select(index => groups[index]).Intersect(split.HeldOut.Select(index => groups[index])));
        Assert.Equal(split.Train.Order(), split.Train);
        Assert.Equal(split.HeldOut.Order(), split.HeldOut);
    }
}
