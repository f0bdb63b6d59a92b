namespace Asdamir.Data.HangfireJobs.Monitoring;

/// <summary>Something that is wrong with a schema. Texts have their secrets masked, and are otherwise as stored.</summary>
public sealed record JobFinding
{
    /// <summary>What it is about.</summary>
    public required JobFindingKind Kind { get; init; }

    /// <summary>How bad it is.</summary>
    public required JobFindingSeverity Severity { get; init; }

    /// <summary>What was found where: a queue, a job type on a queue, a recurring job, a server, or the database.</summary>
    public required string Target { get; init; }

    /// <summary>What is wrong, as a sentence.</summary>
    public required string Message { get; init; }

    /// <summary>What to do, in the imperative.</summary>
    public required string Fix { get; init; }

    /// <summary>The value that is wrong; <see langword="null"/> when there is none to name.</summary>
    public string? Value { get; init; }

    /// <summary>The setting that decides it, as in <c>HangfireJobs:AppQueue</c>; <see langword="null"/> for none.</summary>
    public string? Key { get; init; }

    /// <summary>How many jobs it concerns; 0 for what is not about jobs.</summary>
    public long Jobs { get; init; }

    /// <summary>The ids of these jobs, at most the first 20.</summary>
    public IReadOnlyList<string> JobIds { get; init; } = [];
}
