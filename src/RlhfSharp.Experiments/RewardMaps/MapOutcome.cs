using RlhfSharp.QualityDiversity.Archives;

namespace RlhfSharp.Experiments.RewardMaps;

/// <summary>What became of a text.</summary>
/// <param name="Status">As the archive says.</param>
/// <param name="Reason">Why it was rejected; null if it was not.</param>
/// <param name="Cell">The cell; null if it was rejected.</param>
/// <param name="Replaced">The elite that it beat, as of before its batch; null if there was none.</param>
internal sealed record MapOutcome(AddStatus Status, RejectReason? Reason, int? Cell, long? Replaced);
