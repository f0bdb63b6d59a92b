namespace Asdamir.Data.HangfireJobs.Monitoring;

/// <summary>What a diagnosis looks at, and from where on it complains.</summary>
public sealed record JobDiagnosisOptions
{
    /// <summary>Whether it measures commits, for which it writes a small entry and removes it. The default value is
    /// <see langword="false"/>: it only reads.</summary>
    public bool MeasureCommits { get; init; }

    /// <summary>How long a commit may take. The default value is 50 milliseconds.</summary>
    public TimeSpan SlowCommit { get; init; } = TimeSpan.FromMilliseconds(50);

    /// <summary>How much the clocks of this machine and the database may differ. The default value is 5 seconds.</summary>
    public TimeSpan LargestSkew { get; init; } = TimeSpan.FromSeconds(5);
}
