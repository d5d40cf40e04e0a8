using Spectre.Console;

namespace RlhfSharp.Cli;

/// <summary>A last line that says how far something is: drawn again and again on a terminal, written now and then elsewhere.</summary>
internal sealed class StatusLine : IDisposable
{
    private static readonly TimeSpan TerminalInterval = TimeSpan.FromSeconds(0.25);
    private static readonly TimeSpan FileInterval = TimeSpan.FromSeconds(10);

    private readonly TextWriter _error;
    private readonly IAnsiConsole _console;
    private readonly bool _isTerminal;
    private bool _isOpen;

    public StatusLine(TextWriter error)
    {
        _error = error;
        _isTerminal = ReferenceEquals(error, Console.Error) && !Console.IsErrorRedirected;
        _console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(error) });
    }

    /// <summary>Gets how long one state of the line may stand.</summary>
    public TimeSpan Interval => _isTerminal ? TerminalInterval : FileInterval;

    /// <summary>Shows a line that stays.</summary>
    public void Say(string line)
    {
        Close();
        _error.WriteLine(line);   // not by the console, which would break it in pieces
    }

    /// <summary>Shows how far it is; on a terminal in place of what was drawn before.</summary>
    public void Draw(string text)
    {
        if (!_isTerminal)
        {
            _error.WriteLine(text);
            return;
        }
        var width = Math.Max(20, _console.Profile.Width - 1);
        _console.Write(new ControlCode("\r"));
        _console.Write(new Text(text.Length > width ? text[..width] : text.PadRight(width)));
        _isOpen = true;
    }

    public void Dispose() => Close();

    private void Close()
    {
        if (_isOpen)
        {
            _console.WriteLine();
            _isOpen = false;
        }
    }
}
