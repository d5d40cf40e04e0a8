using RlhfSharp.Training.Objectives;

namespace RlhfSharp.Experiments.Runs;

/// <summary>What people call the methods.</summary>
internal static class MethodName
{
    public static string Of(ObjectiveOptions objective) => objective switch
    {
        IlqlOptions => "ILQL",
        SupervisedFineTuningOptions => "Supervised fine-tuning",
        DpoOptions => "DPO",
        KtoOptions => "KTO",
        PpoOptions => "PPO",
        RlooOptions => "RLOO",
        GrpoOptions => "GRPO",
        RestOptions { Loss: RestLoss.Dpo } => "ReST with DPO",
        RestOptions => "ReST",
        BestOfNOptions best => $"Best of {best.Samples}",
        RewardModelOptions => "The reward model",
        _ => "The model",
    };
}
