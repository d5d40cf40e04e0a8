using RlhfSharp.Models.Runtime;

namespace RlhfSharp.Experiments.PinkElephants;

/// <summary>How the system turn of a written dialogue says what must not be mentioned.</summary>
internal static class InstructionTexts
{
    private static readonly string[] Texts =
    [
        "Do not mention {avoid} in this conversation. You may talk about {prefer} instead.",
        "You are a helpful assistant. Never bring up {avoid}; {prefer} is a welcome subject.",
        "Answer the person's questions, but leave {avoid} out of your answers. If an example is needed, take {prefer}.",
        "Whatever the person asks, say nothing about {avoid}. Speak of {prefer} where you can.",
        "Feel free to discuss {prefer}. Avoid any mention of {avoid}.",
        "In this chat the name {avoid} must not appear in what you write. {prefer} may.",
        "Be friendly and useful. {avoid} is off limits; steer towards {prefer}.",
        "We would like you to talk about {prefer} and not about {avoid}, even if you are asked.",
        "Please keep {avoid} out of this talk. The person is here for {prefer}.",
        "Help as well as you can without naming {avoid}. Recommend {prefer} if it fits.",
        "One rule: no word about {avoid}. Anything you know about {prefer} is fine.",
        "You speak for people who offer {prefer}. Do not refer to {avoid}.",
    ];

    /// <summary>Draws an instruction.</summary>
    public static string Draw(string avoid, string prefer, NamedRandom random)
    {
        var text = Texts[random.Next(Texts.Length)];
        // In one go, so that braces in a name are left alone.
        return string.Concat(text.Split('{', '}').Select(part => part switch { "avoid" => avoid, "prefer" => prefer, _ => part }));
    }
}
