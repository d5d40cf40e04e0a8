using static TorchSharp.torch;

namespace RlhfSharp.Models.Architectures;

/// <summary>DeBERTa's classifier: W·f(P·h + p) + b at the first token.</summary>
/// <param name="activate">f.</param>
/// <param name="initializerRange">The standard deviation of new weights.</param>
internal sealed class ContextPooler(Func<Tensor, Tensor> activate, double initializerRange) : ScoreLayer
{
    public override bool ReadsLastToken => false;

    public override IEnumerable<ParameterSpec> Specs(int hiddenSize, int labelCount)
    {
        var weight = Initialization.Normal(initializerRange);
        yield return new("pooler.dense.weight", [hiddenSize, hiddenSize], weight);
        yield return new("pooler.dense.bias", [hiddenSize], Initialization.Zeros);
        yield return new("classifier.weight", [labelCount, hiddenSize], weight);
        yield return new("classifier.bias", [labelCount], Initialization.Zeros);
    }

    public override Tensor Score(ParameterSet parameters, Tensor hidden) =>
        new Linear(parameters, "classifier").Forward(activate(new Linear(parameters, "pooler.dense").Forward(hidden)));
}
