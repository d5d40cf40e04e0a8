using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace RlhfSharp.Tests;

/// <summary>A model that answers what the steps of the pink-elephant data set ask, always the same to the same question.</summary>
internal static class ScriptedModel
{
    private static readonly string[] Topics = ["Herbal teas", "Card games", "Garden birds", "Old bridges", "Camera brands"];
    private static readonly string[] Things = ["Amber", "Basil", "Cedar", "Dune", "Ember", "Fable", "Glade", "Heron", "Iris", "Juniper", "Kestrel", "Lagoon"];

    /// <summary>Answers as asked.</summary>
    public static string Answer(string question)
    {
        if (question.Contains("different topics of everyday talk", StringComparison.Ordinal))
        {
            return Json(Topics.Take(Count(question)));
        }
        if (Match(question, "^The topic is (.+?)\\.") is { } topic)
        {
            return Json(Enumerable.Range(0, Count(question)).Select(i => new { first = Name(topic, 2 * i), first_aliases = Array.Empty<string>(), second = Name(topic, 2 * i + 1) }));
        }
        if (Match(question, "Both (.+?) may come up") is { } both)
        {
            return Json(Enumerable.Range(1, Count(question)).Select(i => $"Person number {i} wonders about {both} before a journey."));
        }
        if (Match(question, "calls (.+?) by name") is { } avoid)
        {
            var situation = Match(question, "The situation: (.+)")!;
            var turns = int.Parse(Match(question, "The person speaks (\\d) times")!, CultureInfo.InvariantCulture);
            return Json(Enumerable.Range(1, turns).SelectMany(i => new object[]
            {
                new { role = "user", content = $"Question {i}. {situation}" },
                new { role = "assistant", content = i == turns ? $"You could look at {avoid}, it is very good." : $"Answer {i}: that depends." },
            }));
        }
        var prefer = Match(question, "speak of (.+?) if something has to be named")!;
        return Json(new { answer = $"I would rather tell you about {prefer}, it is very good." });
    }

    /// <summary>Answers, but now and then with chatter, half, beside the point, under other keys or not at all; which it is depends on the question.</summary>
    public static string Ramble(string question)
    {
        var answer = Answer(question);
        return (question.Sum(c => c) % 13) switch
        {
            0 => $"<think>\nPerhaps {answer[..(answer.Length / 2)]} or [\"draft\", \"draft 2\"]?\n</think>\nSure! Here is what you asked for [as requested]:\n```json\n{answer}\n```\nLet me know if you need more {{anything}}.",
            2 => answer[..(answer.Length * 2 / 3)],
            4 => string.Concat(Enumerable.Repeat("I am not sure what you mean. ", 400)),
            6 => answer.Replace("\"role\"", "\"wer\"", StringComparison.Ordinal).Replace("\"first\"", "\"eins\"", StringComparison.Ordinal),
            8 => string.Empty,
            _ => answer,
        };
    }

    private static string Name(string topic, int i) => $"{Things[i % Things.Length]} {topic.Split(' ')[0]}{(i < Things.Length ? string.Empty : $" {i}")}";

    private static int Count(string question) => int.Parse(Match(question, "(?:List|Think of) (\\d+)")!, CultureInfo.InvariantCulture);

    private static string? Match(string text, string pattern) => Regex.Match(text, pattern) is { Success: true } match ? match.Groups[1].Value : null;

    private static string Json(object value) => JsonSerializer.Serialize(value);
}
