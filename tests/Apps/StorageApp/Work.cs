using System.Diagnostics;
using System.Globalization;
using Hangfire;
using Hangfire.Server;
using Kit;

namespace Apps.Storage;

/// <summary>The job: it notes when it begins and when it has ended.</summary>
public static class Work
{
    /// <summary>How long a job takes that kills its process in its first line, where the process is deadly.</summary>
    public const int Deadly = 1;

    /// <summary>How long a job takes that ends when its process is released: when the file of <see cref="ReleaseOf"/> exists.</summary>
    public const int UntilReleased = -1;

    public static Ledger? Ledger { get; set; }

    public static bool IsDeadly { get; set; }

    /// <param name="ledger">The file in which a process notes its executions.</param>
    public static string ReleaseOf(string ledger) =>
        Path.Combine(Path.GetDirectoryName(ledger)!, $"released-{Path.GetFileName(ledger)}");

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
        if (IsDeadly && milliseconds == Deadly)
            Process.GetCurrentProcess().Kill();
        if (milliseconds == UntilReleased)
            AwaitRelease();
        else
            Thread.Sleep(milliseconds);
        if (attempt < failures)
            throw new InvalidOperationException("This attempt fails on purpose.");
        Ledger.Write(Line("ended"));

        static void AwaitRelease()
        {
            while (!File.Exists(ReleaseOf(Ledger!.FullPath)))
                Thread.Sleep(50);
        }

        string Line(string word) => string.Create(CultureInfo.InvariantCulture, $"{word} {id} {attempt} {DateTime.UtcNow.Ticks}");
    }
}
