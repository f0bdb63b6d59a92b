namespace Asdamir.Data.Storage;

/// <summary>
/// How long jobs are kept after they end. Stored with each job by the process that creates it, so that it also
/// applies when another process ends the job. What a worker sets for its own jobs, as Hangfire's filters do, takes precedence for
/// <see cref="Succeeded"/> and <see cref="Deleted"/>.
/// </summary>
public sealed class JobRetention
{
    /// <summary>How long succeeded jobs are kept. The default value is <see langword="null"/>: Hangfire's default, one day.</summary>
    public TimeSpan? Succeeded { get; set; }

    /// <summary>How long deleted jobs are kept. The default value is <see langword="null"/>: Hangfire's default, one day.</summary>
    public TimeSpan? Deleted { get; set; }

    /// <summary>How long failed jobs are kept. The default value is <see langword="null"/>: without limit.</summary>
    public TimeSpan? Failed { get; set; }
}
