using System.Collections.Concurrent;
using Hangfire;

namespace Asdamir.Data.Storage.Conformance;

/// <summary>Jobs that are executed; attempts are counted by tag.</summary>
public static class Work
{
    private static readonly ConcurrentDictionary<string, int> Attempts = new();

    public static int AttemptsOf(string tag) => Attempts.GetValueOrDefault(tag);

    public static void Do(string tag) => Attempts.AddOrUpdate(tag, 1, (_, count) => count + 1);

    [AutomaticRetry(Attempts = 3, DelaysInSeconds = [0, 1])]
    public static void FailTwice(string tag)
    {
        Do(tag);
        if (AttemptsOf(tag) <= 2)
            throw new InvalidOperationException($"attempt {AttemptsOf(tag)}");
    }

    [AutomaticRetry(Attempts = 1, DelaysInSeconds = [0])]
    public static void FailAlways(string tag)
    {
        Do(tag);
        throw new InvalidOperationException("never");
    }

    public static async Task UntilCancelledAsync(string tag, CancellationToken cancellationToken)
    {
        Do(tag);
        await Task.Delay(Timeout.InfiniteTimeSpan, cancellationToken);
    }
}
