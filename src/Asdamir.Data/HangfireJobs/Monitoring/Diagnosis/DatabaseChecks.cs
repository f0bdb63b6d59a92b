using System.Globalization;
using Asdamir.Data.Storage;
using Hangfire;
using Hangfire.Storage;

namespace Asdamir.Data.HangfireJobs.Monitoring.Diagnosis;

/// <summary>Whether the database is fit for jobs.</summary>
internal sealed class DatabaseChecks(JobStorage storage, TimeProvider time)
{
    private const string Target = "database";
    private const string Probe = "asdamir:diagnosis";
    private const int Commits = 7;

    // Any zone that every list of zones has.
    private const string KnownZone = "Europe/Berlin";

    /// <returns>Why the schema cannot be read; <see langword="null"/> when it can.</returns>
    /// <exception cref="JobStorageUnavailableException">The database cannot be reached.</exception>
    public JobFinding? FindFaultOfSchema()
    {
        try
        {
            using var connection = storage.GetConnection();
            connection.GetAllEntriesFromHash(Probe);
            return null;
        }
        catch (JobStorageUnavailableException exception)
            when (exception.Fault is JobStorageFault.TablesMissing or JobStorageFault.TablesOutdated)
        {
            return OfStorage(JobFindingKind.TablesUnusable, exception, "start an app with this package, or migrate the schema");
        }
        catch (NotSupportedException exception)
        {
            return OfStorage(JobFindingKind.DatabaseUnfit, exception, "use a database and a package that fit");
        }
    }

    public static void FindMissingZones(Findings findings)
    {
        if (TimeZoneInfo.TryFindSystemTimeZoneById(KnownZone, out _))
            return;
        findings.Add(new JobFinding
        {
            Kind = JobFindingKind.TimeZonesMissing,
            Severity = JobFindingSeverity.Error,
            Target = "this machine",
            Value = KnownZone,
            Message = $"This machine does not know the time zone '{KnownZone}', so a server here would disable recurring jobs of all apps.",
            Fix = "install the time zones, on Debian the package tzdata",
        });
    }

    /// <returns>How far the database is ahead; <see langword="null"/> when the storage has no clock.</returns>
    public TimeSpan? FindSkew(Findings findings, TimeSpan largest)
    {
        if (!storage.HasFeature(JobStorageFeatures.Connection.GetUtcDateTime))
            return null;
        using var connection = storage.GetConnection();
        if (connection is not JobStorageConnection own)
            return null;
        var before = time.GetUtcNow().UtcDateTime;
        var there = DateTime.SpecifyKind(own.GetUtcDateTime(), DateTimeKind.Utc);
        var after = time.GetUtcNow().UtcDateTime;
        // The answer belongs to any moment of the call.
        var skew = there < before ? there - before : there > after ? there - after : TimeSpan.Zero;
        if (skew.Duration() <= largest)
            return skew;
        findings.Add(new JobFinding
        {
            Kind = JobFindingKind.ClockSkew,
            Severity = JobFindingSeverity.Warning,
            Target = Target,
            Value = Seconds(skew),
            Message = $"The clock of the database is {Seconds(skew.Duration())} {(skew > TimeSpan.Zero ? "ahead of" : "behind")} that of "
                + "this machine: delayed and recurring jobs start by the one, and pages show them by the other.",
            Fix = "synchronize both clocks, for example with chrony",
        });
        return skew;
    }

    /// <returns>How long a commit takes; <see langword="null"/> when nothing may be written.</returns>
    public TimeSpan? FindSlowCommits(Findings findings, TimeSpan slow)
    {
        if (Measure() is not { } median)
            return null;
        if (median > slow)
        {
            findings.Add(new JobFinding
            {
                Kind = JobFindingKind.SlowCommits,
                Severity = JobFindingSeverity.Warning,
                Target = Target,
                Value = Milliseconds(median),
                Message = $"A commit takes {Milliseconds(median)}, more than {Milliseconds(slow)}: each job waits for one commit or two.",
                Fix = "use a faster disk for the log of the database, or more workers, which share a commit",
                Key = $"{HangfireJobsOptions.SectionName}:{nameof(HangfireJobsOptions.WorkerCount)}",
            });
        }
        return median;
    }

    private TimeSpan? Measure()
    {
        try
        {
            using var connection = storage.GetConnection();
            var durations = new List<TimeSpan>();
            for (var number = 0; number < Commits; number++)
            {
                var start = time.GetTimestamp();
                using (var transaction = connection.CreateWriteTransaction())
                {
                    transaction.AddToSet(Probe, "probe", number);
                    transaction.Commit();
                }
                durations.Add(time.GetElapsedTime(start));
            }
            using var removal = connection.CreateWriteTransaction();
            removal.RemoveFromSet(Probe, "probe");
            removal.Commit();
            return durations.Order().ElementAt(Commits / 2);
        }
        catch (JobStorageUnavailableException exception)
            when (exception.Fault is JobStorageFault.ReadOnly or JobStorageFault.AccessDenied)
        {
            return null;
        }
    }

    private static JobFinding OfStorage(JobFindingKind kind, Exception exception, string fix)
    {
        var (message, advice) = exception.Message.Split(" Fix: ", 2) is [var what, var how]
            ? (what, how.TrimEnd('.'))
            : (exception.Message, fix);
        return new JobFinding
        {
            Kind = kind, Severity = JobFindingSeverity.Error, Target = Target, Message = message, Fix = advice,
        };
    }

    private static string Seconds(TimeSpan duration) => string.Create(CultureInfo.InvariantCulture, $"{duration.TotalSeconds:0.#} s");

    private static string Milliseconds(TimeSpan duration) =>
        string.Create(CultureInfo.InvariantCulture, $"{duration.TotalMilliseconds:0.#} ms");
}
