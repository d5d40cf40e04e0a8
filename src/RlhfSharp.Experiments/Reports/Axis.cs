using System.Globalization;

namespace RlhfSharp.Experiments.Reports;

/// <summary>Maps values to pixels along one direction and knows the round numbers to print there.</summary>
internal sealed class Axis
{
    private readonly double _low;
    private readonly double _high;
    private readonly double _from;
    private readonly double _to;
    private readonly double _step;

    private readonly bool _isLog;   // then low, high and step are of the decimal logarithm

    private Axis(double low, double high, double step, double from, double to, bool isLog = false) =>
        (_low, _high, _step, _from, _to, _isLog) = (low, high, step, from, to, isLog);

    /// <summary>Gets the round numbers inside the range, in order.</summary>
    public IEnumerable<double> Ticks
    {
        get
        {
            if (_isLog)
            {
                foreach (var tick in LogTicks())
                {
                    yield return tick;
                }
                yield break;
            }
            var first = Math.Ceiling(_low / _step - 1e-9);
            var last = Math.Floor(_high / _step + 1e-9);
            for (var i = first; i <= last; i++)
            {
                yield return i * _step;
            }
        }
    }

    /// <summary>Makes an axis that ends exactly where the values end.</summary>
    public static Axis Exact(double low, double high, double from, double to, int ticks)
    {
        (low, high) = Widened(low, high);
        return new Axis(low, high, RoundStep((high - low) / ticks), from, to);
    }

    /// <summary>Makes an axis that ends at the next round numbers outside the values.</summary>
    public static Axis Rounded(double low, double high, double from, double to, int ticks)
    {
        (low, high) = Widened(low, high);
        var step = RoundStep((high - low) / ticks);
        return new Axis(Math.Floor(low / step + 1e-9) * step, Math.Ceiling(high / step - 1e-9) * step, step, from, to);
    }

    /// <summary>Makes a logarithmic axis that ends exactly where the values end, which are greater than 0.</summary>
    public static Axis Logarithmic(double low, double high, double from, double to) =>
        new(Math.Log10(high > low ? low : low / 2), Math.Log10(high > low ? high : high * 2), 1, from, to, isLog: true);

    public double Map(double value) => _from + ((_isLog ? Math.Log10(value) : value) - _low) / (_high - _low) * (_to - _from);

    /// <summary>Prints a tick with as many digits as its neighbours need.</summary>
    public string Label(double tick)
    {
        if (_isLog)
        {
            return Signed(tick is >= 1e-3 and < 1e5 ? tick.ToString("0.#####", CultureInfo.InvariantCulture) : tick.ToString("0.##e0", CultureInfo.InvariantCulture));
        }
        var largest = Math.Max(Math.Abs(_low), Math.Abs(_high));
        if (largest >= 1e9 || _step < 1e-3)
        {
            return Signed(tick == 0 ? "0" : tick.ToString("0.##e0", CultureInfo.InvariantCulture));
        }
        var (unit, suffix) = largest switch { >= 1e6 => (1e6, "M"), >= 1e4 => (1e3, "k"), _ => (1.0, "") };
        var decimals = Math.Max(0, -(int)Math.Floor(Math.Log10(_step / unit) + 1e-9));
        return tick == 0 ? "0" : NumberText.Fixed(tick / unit, decimals) + suffix;
    }

    // Powers of ten, and where there are few of them their twofold and fivefold too.
    private IEnumerable<double> LogTicks()
    {
        double[] factors = _high - _low < 2 ? [1, 2, 5] : [1];
        return Enumerable.Range((int)Math.Floor(_low), (int)Math.Ceiling(_high) - (int)Math.Floor(_low) + 1)
            .SelectMany(power => factors.Select(factor => factor * Math.Pow(10, power)))
            .Where(tick => Math.Log10(tick) >= _low - 1e-9 && Math.Log10(tick) <= _high + 1e-9);
    }

    private static string Signed(string text) => text.Replace('-', '−');

    // A single value still needs room around it.
    private static (double Low, double High) Widened(double low, double high)
    {
        if (high > low)
        {
            return (low, high);
        }
        var room = low == 0 ? 1 : Math.Abs(low) / 2;
        return (low - room, high + room);
    }

    // 1, 2 or 5 times a power of ten, at least the given width.
    private static double RoundStep(double width)
    {
        var power = Math.Pow(10, Math.Floor(Math.Log10(width)));
        return (width / power) switch { <= 1 => 1, <= 2 => 2, <= 5 => 5, _ => 10 } * power;
    }
}
