namespace Asdamir.Data.HangfireJobs.Monitoring;

/// <summary>The exception of a failed job, with secrets masked.</summary>
public sealed record JobError
{
    /// <summary>The type of the exception; <see langword="null"/> when none was stored.</summary>
    public string? Type { get; init; }

    /// <summary>Its message; <see langword="null"/> when none was stored.</summary>
    public string? Message { get; init; }

    /// <summary>The exception with its stack trace; <see langword="null"/> when none was stored.</summary>
    public string? Details { get; init; }
}
