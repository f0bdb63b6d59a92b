using System.Collections.Concurrent;

namespace Asdamir.Data.Storage.CrashTests.Faults;

/// <summary>Jobs that job inside the test process, counted by the place they belong to.</summary>
public static class Jobs
{
    private static readonly ConcurrentDictionary<(string Place, int Number), int> Counts = new();

    public static void Run(string place, int number) => Counts.AddOrUpdate((place, number), 1, static (_, count) => count + 1);

    /// <summary>A job with a large argument.</summary>
    public static void Big(string place, string text) => Run(place, text.GetHashCode(StringComparison.Ordinal));

    public static int Executions(string place) => Counts.Where(count => count.Key.Place == place).Sum(static count => count.Value);
}
