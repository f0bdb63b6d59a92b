namespace Asdamir.Data.HangfireJobs;

/// <summary>One attempt of a job, as <see cref="IJobMiddleware"/> sees it.</summary>
public sealed class JobExecution
{
    /// <summary>The context of the attempt, as the job gets it.</summary>
    public required IJobContext Context { get; init; }

    /// <summary>The class of the job.</summary>
    public required Type JobType { get; init; }

    /// <summary>Cancelled when the app stops, the job is deleted or its timeout has passed, as the token of the job.</summary>
    public required CancellationToken CancellationToken { get; init; }

    /// <summary>Whether no retry follows when this attempt fails.</summary>
    public bool IsLastAttempt => Context.Attempt >= Context.MaxAttempts;
}
