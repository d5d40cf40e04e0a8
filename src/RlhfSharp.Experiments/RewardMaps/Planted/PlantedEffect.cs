namespace RlhfSharp.Experiments.RewardMaps;

/// <summary>Something that is planted in the reward, and what the map says about it.</summary>
/// <param name="Name">As in <see cref="MapDeviation.Name"/>.</param>
/// <param name="Planted">Its effect; 0 where nothing is planted and a claim would be false.</param>
/// <param name="Found">What the map measured, texts of equal length; null where it cannot be told.</param>
internal sealed record PlantedEffect(string Name, double Planted, MapDeviation? Found)
{
    /// <summary>Gets whether the map claims an effect here.</summary>
    public bool IsClaimed => Found is { Holds: true };

    /// <summary>Gets whether the map claims what is planted, with its sign.</summary>
    public bool IsRecovered => IsClaimed && Planted != 0 && Math.Sign(Found!.Value) == Math.Sign(Planted);
}
