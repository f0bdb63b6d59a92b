namespace Asdamir.Data.Storage;

/// <summary>
/// How long runs are kept once they ended. Stored with each job by the process that creates it, so that it also
/// holds when another process ends the job. What a worker decides for its own jobs, as Hangfire's filters do, wins for
/// <see cref="Succeeded"/> and <see cref="Deleted"/>.
/// </summary>
public sealed class JobRetention
{
    /// <summary>How long succeeded jobs are kept. The default value is <see langword="null"/>: what Hangfire decides, one day.</summary>
    public TimeSpan? Succeeded { get; set; }

    /// <summary>How long deleted jobs are kept. The default value is <see langword="null"/>: what Hangfire decides, one day.</summary>
    public TimeSpan? Deleted { get; set; }

    /// <summary>How long failed jobs are kept. The default value is <see langword="null"/>: for ever.</summary>
    public TimeSpan? Failed { get; set; }
}
