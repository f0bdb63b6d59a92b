using System.Diagnostics;
using System.Globalization;

namespace StorageComparison;

/// <summary>Asks the same question many times and prints how long an answer takes.</summary>
internal static class Questions
{
    private const int Times = 100;

    public static void Ask(string storage, string what, Action ask)
    {
        // The first answers prepare statements and fill caches.
        for (var i = 0; i < 3; i++)
            ask();
        var times = Enumerable.Range(0, Times).Select(_ =>
        {
            var clock = Stopwatch.StartNew();
            ask();
            return clock.Elapsed.TotalMilliseconds;
        }).Order().ToList();
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| {what} | {storage} | {times[Times / 2]:F1} | {times[Times * 99 / 100]:F1} |"));
    }
}
