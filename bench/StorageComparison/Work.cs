using System.Diagnostics;

namespace StorageComparison;

/// <summary>The trivial job.</summary>
public static class Work
{
    private static CountdownEvent _left = new(1);

    public static void Expect(int jobs) => _left = new CountdownEvent(jobs);

    public static void Run(int number) => _left.Signal();

    public static int Left => _left.CurrentCount;

    /// <summary>
    /// Waits until nearly all of the expected jobs are done: a storage that holds up single ones for long must not stop the comparison.
    /// What was done before the call, while workers started, does not count.
    /// </summary>
    /// <returns>Jobs per second, and how many are done.</returns>
    public static async Task<(double PerSecond, int Jobs)> NearlyAllAsync(int jobs, TimeSpan limit)
    {
        var nearlyAll = jobs - (jobs / 100);
        var left = Left;
        var clock = Stopwatch.StartNew();
        while (jobs - Left < nearlyAll && clock.Elapsed < limit)
            await Task.Delay(1);
        return ((left - Left) / clock.Elapsed.TotalSeconds, jobs - Left);
    }
}
