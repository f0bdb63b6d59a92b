using System.Globalization;
using Hangfire;
using Hangfire.Server;
using TestServers;

namespace Apps.Storage;

/// <summary>The job: it notes when it begins and when it has ended.</summary>
public static class Work
{
    public static Ledger? Ledger { get; set; }

    /// <param name="milliseconds">How long it takes.</param>
    /// <param name="failures">How many attempts fail.</param>
    /// <param name="context">Hangfire's context.</param>
    [AutomaticRetry(Attempts = 10, DelaysInSeconds = [1])]
    public static void Run(int milliseconds, int failures, PerformContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        var id = context.BackgroundJob.Id;
        var attempt = context.GetJobParameter<int>("RetryCount");
        Ledger!.Write(Line("begun"));
        Thread.Sleep(milliseconds);
        if (attempt < failures)
            throw new InvalidOperationException("This attempt fails on purpose.");
        Ledger.Write(Line("ended"));

        string Line(string word) => string.Create(CultureInfo.InvariantCulture, $"{word} {id} {attempt} {DateTime.UtcNow.Ticks}");
    }
}
