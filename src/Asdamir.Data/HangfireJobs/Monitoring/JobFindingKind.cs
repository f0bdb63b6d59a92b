namespace Asdamir.Data.HangfireJobs.Monitoring;

/// <summary>What a finding of a diagnosis is about. Programs may rely on the names.</summary>
public enum JobFindingKind
{
    /// <summary>The schema has no tables, or none that this package can use.</summary>
    TablesUnusable,

    /// <summary>The database is not fit for jobs, for example because it does not use UTF-8.</summary>
    DatabaseUnfit,

    /// <summary>A commit takes long.</summary>
    SlowCommits,

    /// <summary>The clocks of this machine and the database differ.</summary>
    ClockSkew,

    /// <summary>This machine has no time zones.</summary>
    TimeZonesMissing,

    /// <summary>Jobs are on a queue to which no running server listens.</summary>
    QueueWithoutServer,

    /// <summary>Jobs are on a queue whose name no app can have.</summary>
    InvalidQueue,

    /// <summary>Several apps share the schema, and one of them is on the queue <c>default</c>.</summary>
    SharedDefaultQueue,

    /// <summary>Servers share a queue, and one listens to further ones: it executes jobs of another app.</summary>
    ServersOfDifferingQueues,

    /// <summary>Servers of one app have different numbers of workers.</summary>
    ServersOfDifferingWorkers,

    /// <summary>A server sends no heartbeat.</summary>
    SilentServer,

    /// <summary>Servers of a queue die again and again.</summary>
    CrashingServers,

    /// <summary>A job that no catalog of this package has: a method call of plain Hangfire.</summary>
    PlainJob,

    /// <summary>The stored data of a job cannot be read.</summary>
    UnreadableJob,

    /// <summary>A job without a queue of its app: after a retry it is on the queue <c>default</c>.</summary>
    JobWithoutQueue,

    /// <summary>A job in the queue of another app.</summary>
    StrayJob,

    /// <summary>A job is due and no process has moved it into its queue.</summary>
    OverdueJob,

    /// <summary>A job waits for a parent that has ended, or is no longer stored.</summary>
    OrphanedContinuation,

    /// <summary>Only the id of a recurring job is left.</summary>
    RecurringJobRemoved,

    /// <summary>A recurring job whose stored job cannot be read.</summary>
    RecurringJobUnreadable,

    /// <summary>A recurring job of plain Hangfire, which servers of this package do not fire.</summary>
    RecurringJobPlain,

    /// <summary>A server could not create the job of a recurring job.</summary>
    RecurringJobInError,

    /// <summary>A recurring job has no next execution although it is not paused.</summary>
    RecurringJobDisabled,

    /// <summary>An occurrence of a recurring job is due and has not begun.</summary>
    RecurringJobLate,

    /// <summary>The cron expression of a recurring job is invalid, never fires, or has a time zone that this machine lacks.</summary>
    RecurringJobSchedule,

    /// <summary>The id of a recurring job has no prefix, although several apps share the schema.</summary>
    RecurringIdWithoutPrefix,

    /// <summary>Recurring jobs of several apps have the same prefix.</summary>
    RecurringIdsShareAPrefix,

    /// <summary>A build has no job type of the name of a stored job; found by a preflight.</summary>
    JobTypeMissing,

    /// <summary>The stored arguments of a job cannot be read by the job type of a build; found by a preflight.</summary>
    ArgumentsUnreadable,

    /// <summary>The job type of a build does not read a part of the stored arguments; found by a preflight.</summary>
    ArgumentsLost,

    /// <summary>A job has done a step whose name is not in the code of a build, which would do it again; found by a preflight.</summary>
    StepMissing,

    /// <summary>A job type of a build has a fault that stops the app when it registers the type; found by a preflight.</summary>
    BuildFault,

    /// <summary>A queue is paused.</summary>
    QueuePaused,

    /// <summary>An operator has set a limit to 0, and jobs wait for it.</summary>
    LimitClosed,
}
