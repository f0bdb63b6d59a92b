namespace Asdamir.Data.HangfireJobs.Monitoring.Reads;

/// <summary>Lists jobs of a storage.</summary>
internal interface IJobListSource
{
    /// <summary>How many jobs of a state are looked at; <see langword="null"/> when all are, by index.</summary>
    int? ScanLimit { get; }

    /// <exception cref="ArgumentException">The cursor is none of this storage.</exception>
    JobListing Find(JobListFilter filter, string? after, int size);

    /// <summary>Counts up to a limit.</summary>
    long Count(JobListFilter filter, int limit);
}
