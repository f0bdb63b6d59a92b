namespace Asdamir.Data.HangfireJobs.Monitoring.Reads;

/// <summary>Lists jobs of a storage.</summary>
internal interface IJobListSource
{
    /// <summary>How many jobs of each state are searched; <see langword="null"/> when all are, by index.</summary>
    int? ScanLimit { get; }

    /// <exception cref="ArgumentException">The cursor is not one of this storage.</exception>
    JobListing Find(JobListFilter filter, string? after, int size);

    /// <summary>Counts up to a limit.</summary>
    long Count(JobListFilter filter, int limit);
}
