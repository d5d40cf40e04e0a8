using static TorchSharp.torch;

namespace RlhfSharp.Models.Architectures;

/// <summary>One matrix without bias, at the last real token: the head of Hugging Face's causal <c>…ForSequenceClassification</c>.</summary>
/// <param name="name">What the checkpoint calls it.</param>
internal sealed class LastTokenScore(string name) : ScoreLayer
{
    private const double InitializerRange = 0.02;

    public override bool ReadsLastToken => true;

    public override IEnumerable<ParameterSpec> Specs(int hiddenSize, int labelCount) =>
        [new($"{name}.weight", [labelCount, hiddenSize], Initialization.Normal(InitializerRange))];

    public override Tensor Score(ParameterSet parameters, Tensor hidden) => new Linear(parameters, name).Forward(hidden);
}
