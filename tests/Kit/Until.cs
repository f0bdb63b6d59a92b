using System.Diagnostics;

namespace Kit;

/// <summary>
/// Waits for what must happen. The limit is generous: it costs nothing where things are quick, and a busy machine is slow, not wrong.
/// </summary>
static partial class Until
{
    private const int Minutes = 5;

    /// <summary>For calls that take a token or a timeout.</summary>
    public static TimeSpan Limit { get; } = TimeSpan.FromMinutes(Minutes);

    /// <param name="condition">Is asked until it is true.</param>
    /// <param name="what">What the test waits for.</param>
    /// <param name="seen">What there is instead, for the message.</param>
    /// <param name="minutes">More for what takes long on a quiet machine already.</param>
    public static Task TrueAsync(Func<bool> condition, string what, Func<string>? seen = null, int minutes = Minutes) =>
        TrueAsync(() => Task.FromResult(condition()), what, seen is null ? null : () => Task.FromResult(seen()), minutes);

    /// <inheritdoc cref="TrueAsync(Func{bool}, string, Func{string}?, int)"/>
    public static async Task TrueAsync(Func<Task<bool>> condition, string what, Func<Task<string>>? seen = null, int minutes = Minutes)
    {
        var clock = Stopwatch.StartNew();
        // A process that stood still itself looks once more before it complains.
        for (var isLast = false; !await condition(); isLast = clock.Elapsed > TimeSpan.FromMinutes(minutes))
        {
            if (isLast)
                throw new TimeoutException($"Waited {clock.Elapsed.TotalSeconds:F0} s until {what}.{await LastSeenAsync(seen)}");
            await Task.Delay(20);
        }
    }

    /// <returns>The value that was awaited.</returns>
    public static async Task<T> EqualAsync<T>(T expected, Func<T> read, string what, int minutes = Minutes)
    {
        var value = expected;
        await TrueAsync(
            () => EqualityComparer<T>.Default.Equals(value = read(), expected), $"{what} is '{expected}'", () => $"it is '{value}'",
            minutes);
        return value;
    }

    // What is asked may be just what does not answer.
    private static async Task<string> LastSeenAsync(Func<Task<string>>? seen)
    {
        try
        {
            return seen is null ? "" : $" Last seen: {await seen()}";
        }
        catch (Exception exception)
        {
            return $" Nothing is seen now: {exception.GetType().Name}: {exception.Message}";
        }
    }
}
