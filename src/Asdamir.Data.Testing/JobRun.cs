using Asdamir.Data.HangfireJobs;
using Asdamir.Data.HangfireJobs.Monitoring;
using Asdamir.Data.Testing.Assertions;

namespace Asdamir.Data.Testing;

/// <summary>One attempt of a job, and the job after it.</summary>
public sealed record JobRun
{
    internal JobRun()
    {
    }

    /// <summary>The id of the job.</summary>
    public required string JobId { get; init; }

    /// <summary>The name of its job type.</summary>
    public required string JobName { get; init; }

    /// <summary>The state of the job after the attempt, as <see cref="JobState.Scheduled"/> when it is retried later.</summary>
    public required JobState State { get; init; }

    /// <summary>
    /// What the job returned; for an exception the failure that it becomes. <see langword="null"/> when it was not called, as when a filter
    /// has cancelled it.
    /// </summary>
    public JobResult? Result { get; init; }

    /// <summary>The exception that the job threw or returned; <see langword="null"/> when there is none.</summary>
    public Exception? Exception => Result?.Exception;

    /// <summary>Why the job is in its state; <see langword="null"/> when no reason was stored.</summary>
    public string? Reason { get; init; }

    /// <summary>When it is executed again (UTC), while it is <see cref="JobState.Scheduled"/>; otherwise <see langword="null"/>.</summary>
    public DateTimeOffset? DueAt { get; init; }

    /// <summary>The job's log of all attempts, oldest line first.</summary>
    public IReadOnlyList<JobLogLine> Log { get; init; } = [];

    /// <summary>The progress it has reported; <see langword="null"/> when it has reported none.</summary>
    public JobProgress? Progress { get; init; }

    /// <summary>The steps it has done in all attempts.</summary>
    public IReadOnlyList<JobStepDetails> Steps { get; init; } = [];

    /// <summary>How far it has come, by its cursors.</summary>
    public IReadOnlyList<JobCursorDetails> Cursors { get; init; } = [];

    /// <summary>Asserts that the job has succeeded.</summary>
    /// <returns>The same attempt.</returns>
    /// <exception cref="JobAssertionException">It has not; the message has its error, steps and log.</exception>
    public JobRun EnsureSucceeded() =>
        State == JobState.Succeeded ? this : throw new JobAssertionException(RunText.NotSucceeded(this), Exception);
}
