namespace Asdamir.Data.HangfireJobs.Monitoring;

/// <summary>How much time a <see cref="HistoryPoint"/> covers.</summary>
public enum HistoryStep
{
    /// <summary>A minute.</summary>
    Minute = 0,

    /// <summary>An hour.</summary>
    Hour = 1,
}
