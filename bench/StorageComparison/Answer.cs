using System.Diagnostics;
using System.Globalization;

namespace StorageComparison;

/// <summary>How long the answer to a question takes, in milliseconds.</summary>
internal sealed record Answer(string Question, double Median, double P99)
{
    private const int Times = 100;

    public static Answer To(string question, Action ask)
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
        return new Answer(question, times[Times / 2], times[Times * 99 / 100]);
    }

    public static void Print(string storage, IEnumerable<Answer> answers)
    {
        foreach (var (question, median, p99) in answers)
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| {question} | {storage} | {median:F1} | {p99:F1} |"));
    }
}
