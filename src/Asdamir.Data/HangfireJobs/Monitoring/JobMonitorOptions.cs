using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Asdamir.Data.HangfireJobs.Monitoring;

/// <summary>Which schema a monitor observes.</summary>
public sealed class JobMonitorOptions
{
    /// <summary>Where the schema is. Its tables are neither created nor updated, whatever <c>Migrate</c> says: the apps do that.</summary>
    public required HangfireJobsStorageOptions Storage { get; init; }

    /// <summary>Where relative paths of SQLite files start. The default value is the current directory.</summary>
    public string ContentRootPath { get; init; } = Directory.GetCurrentDirectory();

    /// <summary>
    /// Further names whose values are hidden in arguments, outputs and logs, separated by commas. The default value is empty.
    /// </summary>
    public string MaskedKeys { get; init; } = "";

    /// <summary>Audits of every action. The default value is empty; a request may bring one, too.</summary>
    public IReadOnlyList<IJobActionAudit> Audits { get; init; } = [];

    /// <summary>The clock. The default value is <see cref="TimeProvider.System"/>.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;

    /// <summary>Logs the outcome of every action. The default value logs nothing.</summary>
    public ILoggerFactory LoggerFactory { get; init; } = NullLoggerFactory.Instance;
}
