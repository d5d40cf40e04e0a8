namespace RlhfSharp.Experiments.Endpoints;

/// <summary>Watches requests go out and answers come in. Called from several threads.</summary>
public interface IEndpointObserver
{
    /// <summary>Called when a kind of request begins.</summary>
    /// <param name="step">What it is called.</param>
    /// <param name="expected">The number of requests from here to the end of all steps, as far as can be told.</param>
    void OnStep(string step, int expected);

    /// <summary>Called when an answer is there.</summary>
    /// <param name="answer">The answer.</param>
    void OnAnswer(EndpointAnswer answer);

    /// <summary>Called when an attempt failed and another will be made.</summary>
    /// <param name="request">The request's id.</param>
    /// <param name="reason">What went wrong.</param>
    /// <param name="delay">How long until the next attempt.</param>
    void OnRetry(string request, string reason, TimeSpan delay);
}
