using Hangfire.Common;

namespace Asdamir.Data.HangfireJobs.Catalog;

/// <summary>The name, contract and attributes of a job type, read once at start-up.</summary>
internal sealed record JobDescriptor
{
    public required string Name { get; init; }

    public required Type Type { get; init; }

    /// <summary>Calls the job's ExecuteAsync with its arguments read from JSON.</summary>
    public required JobInvoker Invoker { get; init; }

    public required IReadOnlyList<string> FormerNames { get; init; }

    public required IReadOnlyList<RecurringJobAttribute> Schedules { get; init; }

    /// <summary>Hangfire's attributes on the class and on its ExecuteAsync, except <c>[Queue]</c>.</summary>
    public required IReadOnlyList<JobFilterAttribute> Filters { get; init; }

    /// <summary>The rules of <see cref="RetryAttribute"/>; none when the options decide.</summary>
    public required IReadOnlyList<RetryRule> Retries { get; init; }

    /// <summary>The queue named by <c>[Queue]</c>, if any.</summary>
    public string? Queue { get; init; }

    /// <summary>The limit of <see cref="JobTimeoutAttribute"/>, if any; zero means no limit.</summary>
    public TimeSpan? Timeout { get; init; }

    public bool IsExclusive { get; init; }

    /// <summary>The priority of <see cref="PriorityAttribute"/>, if any.</summary>
    public int? Priority { get; init; }

    /// <summary>Which of its arguments is the fairness key, if any.</summary>
    public KeyArgument? Fairness { get; init; }

    /// <summary>Under which limits its jobs are executed.</summary>
    public IReadOnlyList<JobLimitOfType> Limits { get; init; } = [];

    /// <summary>The keys of its jobs; <see langword="null"/> when they are not unique.</summary>
    public UniqueArguments? Unique { get; init; }

    /// <summary>Whether a call replaces the job that has its unique key, unless its options say otherwise.</summary>
    public bool ReplacesUnique { get; init; }
}
