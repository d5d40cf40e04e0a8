namespace RlhfSharp.Tests;

/// <summary>A clock whose waits pass twenty times as fast.</summary>
internal sealed class HurriedTime : TimeProvider
{
    private const int Speed = 20;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        base.CreateTimer(callback, state, Hurry(dueTime), Hurry(period));

    private static TimeSpan Hurry(TimeSpan wait) => wait > TimeSpan.Zero ? wait / Speed : wait;
}
