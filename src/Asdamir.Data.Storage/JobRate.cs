using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text.RegularExpressions;

namespace Asdamir.Data.Storage;

/// <summary>
/// How many jobs of a limit may begin in any window of a length, as the clock of the database counts it. Each start counts, also one of a
/// retry, and one whose job was returned to its queue.
/// </summary>
/// <param name="Starts">How many may begin, for each key: from 1 to <see cref="MaxStarts"/>.</param>
/// <param name="Window">The length, in whole seconds: from one second to 31 days.</param>
public sealed partial record JobRate(int Starts, TimeSpan Window)
{
    /// <summary>The most starts in a window.</summary>
    public const int MaxStarts = 1_000_000;

    // More digits are too many in any case.
    private const int MostDigits = 9;

    private static readonly TimeSpan LongestWindow = TimeSpan.FromDays(31);

    private static readonly (string Name, TimeSpan Length)[] Units =
    [
        ("d", TimeSpan.FromDays(1)), ("h", TimeSpan.FromHours(1)), ("min", TimeSpan.FromMinutes(1)), ("s", TimeSpan.FromSeconds(1)),
    ];

    /// <summary>Reads a rate such as <c>100/min</c>, <c>5/s</c>, <c>1/d</c> or <c>10/5min</c>.</summary>
    /// <param name="text">The number of starts, and the window: a unit (s, min, h, d), or a number with one.</param>
    /// <param name="rate">The rate; <see langword="null"/> when it cannot be read.</param>
    /// <returns>Whether it was read; otherwise <see cref="FaultOf(string?)"/> says why.</returns>
    public static bool TryParse(string? text, [NotNullWhen(true)] out JobRate? rate)
    {
        rate = Read(text);
        if (rate?.Fault is not null)
            rate = null;
        return rate is not null;
    }

    /// <summary>What is wrong with the text of a rate.</summary>
    /// <param name="text">The text.</param>
    /// <returns>
    /// The end of a sentence that begins with the rate, and the fix; <see langword="null"/> when <see cref="TryParse"/> reads it.
    /// </returns>
    public static string? FaultOf(string? text) => Read(text) is { } rate
        ? rate.Fault
        : "is not a number of starts and a window. Fix: write it like 100/min, 5/s, 1/d or 10/5min.";

    /// <summary>The rate as <see cref="TryParse"/> reads it, such as <c>100/min</c>.</summary>
    public override string ToString()
    {
        var (name, length) = Array.Find(Units, unit => Window.Ticks % unit.Length.Ticks == 0);
        return name is null
            ? string.Create(CultureInfo.InvariantCulture, $"{Starts}/{Window}")
            : string.Create(CultureInfo.InvariantCulture, $"{Starts}/{(Window == length ? "" : $"{Window / length:0}")}{name}");
    }

    /// <summary>What is wrong with its values, as <see cref="FaultOf(string?)"/> says it.</summary>
    internal string? Fault =>
        Starts is < 1 or > MaxStarts ? $"has a number of starts that is not from 1 to {MaxStarts}. Fix: write it like 100/min."
        : Window < TimeSpan.FromSeconds(1) || Window > LongestWindow || Window.Ticks % TimeSpan.TicksPerSecond != 0
            ? $"has a window of another length than whole seconds from 1s to {LongestWindow.Days}d. Fix: write it like 100/min."
        : null;

    private static JobRate? Read(string? text)
    {
        if (Pattern().Match(text ?? "") is not { Success: true } match)
            return null;
        var length = Array.Find(Units, unit => unit.Name == match.Groups["unit"].Value).Length;
        var count = match.Groups["count"].Value is { Length: > 0 } digits ? NumberOf(digits) : 1;
        return new JobRate(
            NumberOf(match.Groups["starts"].Value),
            TimeSpan.FromSeconds(Math.Min(length.TotalSeconds * count, LongestWindow.TotalSeconds * 2)));
    }

    private static int NumberOf(string digits) =>
        digits.TrimStart('0') is { Length: <= MostDigits } few
            ? few.Length == 0 ? 0 : int.Parse(few, CultureInfo.InvariantCulture)
            : int.MaxValue;

    [GeneratedRegex(@"\A *(?<starts>[0-9]+) */ *(?<count>[0-9]*) *(?<unit>s|min|h|d) *\z", RegexOptions.CultureInvariant)]
    private static partial Regex Pattern();
}
