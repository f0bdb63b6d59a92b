using Asdamir.Data.HangfireJobs;
using Asdamir.Data.HangfireJobs.ManualExecution;

namespace Asdamir.Data.Testing;

/// <summary>A job that was created in a <see cref="JobHost"/>, as it is when the test asks.</summary>
public sealed record EnqueuedJob
{
    internal EnqueuedJob()
    {
    }

    /// <summary>The id of the job.</summary>
    public required string Id { get; init; }

    /// <summary>The name of its job type.</summary>
    public required string Name { get; init; }

    /// <summary>Its state.</summary>
    public required JobState State { get; init; }

    /// <summary>Its arguments as JSON; <see langword="null"/> when it has none.</summary>
    public string? ArgumentsJson { get; init; }

    /// <summary>When it starts (UTC), while it is <see cref="JobState.Scheduled"/>; otherwise <see langword="null"/>.</summary>
    public DateTimeOffset? DueAt { get; init; }

    /// <summary>The job it continues; <see langword="null"/> when it continues none.</summary>
    public string? ParentId { get; init; }

    /// <summary>The recurring job that created it; <see langword="null"/> when none did.</summary>
    public string? RecurringJobId { get; init; }

    /// <summary>Reads its arguments.</summary>
    /// <typeparam name="TArgs">Their type.</typeparam>
    /// <exception cref="InvalidOperationException">It has none.</exception>
    public TArgs Arguments<TArgs>() => (TArgs)ArgumentsAs(typeof(TArgs));

    internal object ArgumentsAs(Type type) =>
        (ArgumentsJson is { } json ? ManualJobServer.ReadArguments(json, type) : null)
            ?? throw new InvalidOperationException($"{Name} '{Id}' has no arguments.");
}
