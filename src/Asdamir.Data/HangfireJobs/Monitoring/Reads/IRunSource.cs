namespace Asdamir.Data.HangfireJobs.Monitoring.Reads;

/// <summary>Lists runs of a storage.</summary>
internal interface IRunSource
{
    /// <summary>How many runs of a state are looked at; <see langword="null"/> when all are, by index.</summary>
    int? ScanLimit { get; }

    /// <exception cref="ArgumentException">The cursor is none of this storage.</exception>
    RunListing Find(RunFilter filter, string? after, int size);

    /// <summary>Counts up to a limit.</summary>
    long Count(RunFilter filter, int limit);
}
