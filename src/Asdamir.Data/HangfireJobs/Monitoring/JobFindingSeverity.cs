namespace Asdamir.Data.HangfireJobs.Monitoring;

/// <summary>How bad a finding is.</summary>
public enum JobFindingSeverity
{
    /// <summary>Not a fault: it explains what jobs do.</summary>
    Notice,

    /// <summary>It may become a fault, or is one only if it was not meant.</summary>
    Warning,

    /// <summary>Jobs are not executed, or are executed by the wrong app.</summary>
    Error,
}
