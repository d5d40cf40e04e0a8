using System.Globalization;

namespace RlhfSharp.Experiments.Runs;

/// <summary>Says now and then how far a longer piece of work outside the runs has come.</summary>
/// <param name="say">Takes the lines.</param>
/// <param name="what">What is counted, for instance <c>dialogues answered</c>.</param>
/// <param name="total">How many there are.</param>
/// <param name="time">The clock.</param>
internal sealed class SpokenProgress(Action<string> say, string what, int total, TimeProvider time)
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(10);

    private readonly long _begin = time.GetTimestamp();
    private TimeSpan _said;

    /// <summary>Says it, if it is time again.</summary>
    /// <param name="done">How many are done, at least one.</param>
    public void Report(int done)
    {
        var elapsed = time.GetElapsedTime(_begin);
        if (elapsed - _said < Interval)
        {
            return;
        }
        _said = elapsed;
        var left = elapsed * ((double)(total - done) / done);
        say(string.Create(CultureInfo.InvariantCulture, $"  {done:#,0} of {total:#,0} {what}, {(int)left.TotalMinutes}:{left.Seconds:00} left"));
    }
}
